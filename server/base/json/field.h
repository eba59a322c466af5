// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * JSON objects by table: one row a field says its name, kind, limits, default and meaning, and the
 * same rows read and check what comes in, write what goes out in their order, and describe both as
 * JSON Schema. A table ends with an all-zero row. Works on jansson trees, keeps no state.
 */
#pragma once

#include "base/err.h"
#include "base/json/json.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

enum field_kind {
    FIELD_TEXT,   /* string of min..max characters without control characters but \n and \t */
    FIELD_KEY,    /* string as text_is_key */
    FIELD_ID,     /* string as text_is_id */
    FIELD_WORD,   /* one of 'words' */
    FIELD_BOOL,   /* true or false */
    FIELD_INT,    /* whole number, min..max */
    FIELD_NUMBER, /* min..max */
    FIELD_TIME,   /* RFC 3339, kept in UTC */
    FIELD_ANY,    /* any JSON but null, see 'check' */
    FIELD_OBJECT, /* 'of' is its table */
    FIELD_LIST,   /* 'of' is one row for its items; min..max of them */
    FIELD_MAP, /* an object with free names: of[0] is the row of the names, of[1] of the values */
};

enum field_mark {
    FIELD_REQUIRED = 1,  /* must be there and not null */
    FIELD_READ_ONLY = 2, /* written, refused when it comes in */
    FIELD_ONCE = 4,      /* cannot change after creation: see field_check_once */
};

struct field {
    const char *name;
    enum field_kind kind;
    unsigned marks;
    double min; /* min = max = 0: no limit of its own */
    double max;
    const char *const *words; /* ends with NULL */
    const struct field *of;
    /* One more check of a value that is right by the row; its pointers begin at the value. */
    enum err (*check)(const json_t *value, struct fault *ret_fault);
    const char *initial; /* JSON text of the default; NULL: null */
    const char *meaning; /* one line */
};

/* Checks an object against the table. Returns through *ret_value a new reference to its canonical
 * form: all fields that can be written, in the table's order, defaults filled in, null where an
 * optional one has none. ERR_INVALID with the pointer of what is wrong first. */
enum err field_read(const struct field *table, const json_t *in, json_t **ret_value,
                    struct fault *ret_fault) must_use;

/* Returns ERR_INVALID at the first FIELD_ONCE field on which two canonical objects differ. */
enum err field_check_once(const struct field *table, const json_t *before, const json_t *after,
                          struct fault *ret_fault) must_use;

/* A new reference to the part of 'view' that field_read takes. */
json_t *field_writable(const struct field *table, const json_t *view);

/* Appends the object in the table's order; members that the table does not know are left out. */
void field_write(const struct field *table, const json_t *value, struct buf *out);

/* Appends the table as a JSON Schema object. */
void field_describe(const struct field *table, struct buf *out);
/* Appends the schema of one row's value. */
void field_describe_row(const struct field *row, struct buf *out);

/* Merges by RFC 7396: returns a new reference to 'target' with 'patch' applied; neither is changed.
 * 'target' may be NULL. */
json_t *field_merge(const json_t *target, const json_t *patch);
