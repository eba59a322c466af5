// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Plain structs as JSON by table: one row a member says its name, kind, offset in the struct
 * and meaning. The same rows write the struct, describe it as JSON Schema and declare it as
 * TypeScript, so that the three cannot differ. The counterpart of field.h for what is only ever
 * written. Reads nothing, keeps no state.
 */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shape_kind {
    SHAPE_FIXED,    /* no member: the first of 'words' */
    SHAPE_TEXT,     /* const char * */
    SHAPE_CHARS,    /* char[]: text that stands in the struct */
    SHAPE_TIME,     /* const char *: RFC 3339 */
    SHAPE_DIGITS,   /* const char *: a whole number of any size, written as a string */
    SHAPE_WORD,     /* an enum without a negative member: its index in 'words' */
    SHAPE_STATUS,   /* an enum without a negative member: what 'word' says of it */
    SHAPE_BITS,     /* unsigned: a list of what 'word' says of each bit; NULL: left out */
    SHAPE_BOOL,     /* bool */
    SHAPE_CHOICE,   /* bool: the first or the second of 'words' */
    SHAPE_INT,      /* int */
    SHAPE_LONG,     /* int64_t */
    SHAPE_COUNT,    /* uint64_t */
    SHAPE_DOUBLE,   /* double; null where it is not finite */
    SHAPE_NUMBER,   /* struct shape_number */
    SHAPE_INTERVAL, /* struct shape_interval */
    SHAPE_JSON,     /* const char *: JSON text, copied as it is; 'of' may describe it */
    SHAPE_OBJECT,   /* a struct that 'of' describes */
    SHAPE_MEMBERS,  /* the members of that struct, without an object of their own */
    SHAPE_LIST,     /* const struct *: 'count' of those that 'of' describes */
    SHAPE_MAP,    /* as SHAPE_LIST; an object: of each struct the first row is the name, the second
                     the value */
    SHAPE_TEXTS,  /* const char *const * */
    SHAPE_COUNTS, /* const uint64_t *: a list of 'count' lists of 'columns' */
};

enum shape_mark {
    SHAPE_AT = 1,       /* the member is a pointer to what the kind says */
    SHAPE_OPTIONAL = 2, /* where the pointer is NULL the member is left out */
    SHAPE_NULLABLE = 4, /* may be null: where the pointer is NULL, or the double not finite */
};

/* Not known: null. */
struct shape_number {
    double value;
    bool is_known;
};

/* Not known: null; else [lower, upper], each null where it is infinite. */
struct shape_interval {
    double lower, upper;
    bool is_known;
};

struct shape;

struct shape_row {
    const char *name; /* NULL: the end of the table; "" of SHAPE_MEMBERS */
    enum shape_kind kind;
    unsigned marks;
    size_t offset;
    size_t count, columns; /* of lists: where their numbers stand, each a size_t */
    size_t has; /* not 0: where a bool stands that says whether the member is there at all */
    const struct shape *of;
    const char *const *words; /* ends with NULL */
    const char *(*word)(unsigned value);
    const char *meaning; /* one line; NULL: the name says it */
};

struct shape {
    const char *name; /* "results_arm"; in TypeScript ResultsArm */
    size_t size;      /* of the struct */
    const struct shape_row *rows;
};

/* Appends the struct at 'value' as a JSON object. */
void shape_write(const struct shape *shape, const void *value, struct buf *out);

/* Appends the schemas of 'shape' and of all that it needs as members of an object, each under its
 * name and once; they refer to each other by 'prefix' and that name. */
void shape_describe(const struct shape *shape, const char *prefix, struct buf *out);

/* Appends an exported TypeScript interface of 'shape' and of all that it needs, each once. */
void shape_declare(const struct shape *shape, struct buf *out);

/* Calls 'visit' for 'shape' and for each that it needs: once, those that are needed first. */
typedef void shape_visit_fn(void *arg, const struct shape *shape);
void shape_visit(const struct shape *shape, shape_visit_fn *visit, void *arg);
