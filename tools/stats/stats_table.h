// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * `mete stats METHOD`: one const table a method says which JSON fields it reads, into which struct,
 * and which it prints. The methods stand in stats_methods_*.c, by family.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "stats/stats.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a field of the input may be, and the C type at its offset. */
enum stats_in {
    STATS_IN_COUNT,        /* uint64_t: an integer >= 0, up to 2^53 */
    STATS_IN_NUMBER,       /* double, finite */
    STATS_IN_POSITIVE,     /* double > 0 */
    STATS_IN_NOT_NEGATIVE, /* double >= 0 */
    STATS_IN_LEVEL,        /* double in (0, 1) */
    STATS_IN_NULLABLE,     /* struct stats_number; null or absent: unknown */
    STATS_IN_FLAG,         /* bool */
    STATS_IN_WORD,         /* int: index into words */
    STATS_IN_LIST,         /* struct stats_list: numbers or decimal strings */
    STATS_IN_LISTS,        /* struct stats_list of lists */
    STATS_IN_LISTS_OF_LISTS,
    STATS_IN_NULLABLE_LIST, /* a list whose leaves may be null */
    STATS_IN_OBJECT,        /* a struct read by `fields` */
};

/* One nested list: of numbers (value, and text where it came as a string), or of lists. */
struct stats_list {
    size_t count;
    double value; /* of a leaf; 0 for null */
    const char *text;
    bool is_null;
    struct stats_list *item;
};

struct stats_in_field {
    const char *name;
    enum stats_in kind;
    size_t offset;
    bool is_optional;
    double fallback;                     /* where an optional number, flag or word is absent */
    const char *const *words;            /* NULL-terminated */
    const struct stats_in_field *fields; /* terminated by a field without a name */
};

/* Rows of an input table: a field that must be there, one that may be absent (a number, flag or
 * word then has the fallback), one of a few words, an object read by its own table. */
#define STATS_NEED(name_, kind_, type, member)                                                     \
    {                                                                                              \
        .name = name_, .kind = STATS_IN_##kind_, .offset = offsetof(type, member)                  \
    }
#define STATS_MAY(name_, kind_, type, member, fallback_)                                           \
    {                                                                                              \
        .name = name_, .kind = STATS_IN_##kind_, .offset = offsetof(type, member),                 \
        .is_optional = true, .fallback = fallback_                                                 \
    }
#define STATS_CHOICE(name_, type, member, words_)                                                  \
    {                                                                                              \
        .name = name_, .kind = STATS_IN_WORD, .offset = offsetof(type, member), .words = words_    \
    }
#define STATS_PART(name_, type, member, fields_)                                                   \
    {                                                                                              \
        .name = name_, .kind = STATS_IN_OBJECT, .offset = offsetof(type, member),                  \
        .fields = fields_                                                                          \
    }

/* What a field of the output is. */
enum stats_out {
    STATS_OUT_COUNT,     /* uint64_t */
    STATS_OUT_DOUBLE,    /* double */
    STATS_OUT_NUMBER,    /* struct stats_number; null when unknown */
    STATS_OUT_INTERVAL,  /* struct stats_interval: [lower, upper] or null */
    STATS_OUT_STATUS,    /* enum stats_status as a word */
    STATS_OUT_NUMBERS,   /* struct stats_numbers */
    STATS_OUT_INTERVALS, /* struct stats_intervals */
    STATS_OUT_OBJECT,    /* a struct printed by `fields` */
    STATS_OUT_POINTER,   /* a pointer to such a struct; null when NULL */
};

struct stats_numbers {
    size_t count;
    struct stats_number *value;
};

struct stats_intervals {
    size_t count;
    struct stats_interval *value;
};

struct stats_out_field {
    const char *name;
    enum stats_out kind;
    size_t offset;
    const struct stats_out_field *fields;
};

/* Rows of an output table: a field, and one printed by its own table (OBJECT or POINTER). */
#define STATS_SHOW(name_, kind_, type, member)                                                     \
    {                                                                                              \
        .name = name_, .kind = STATS_OUT_##kind_, .offset = offsetof(type, member)                 \
    }
#define STATS_SHOW_PART(name_, kind_, type, member, fields_)                                       \
    {                                                                                              \
        .name = name_, .kind = STATS_OUT_##kind_, .offset = offsetof(type, member),                \
        .fields = fields_                                                                          \
    }

/* Computes; memory from the arena. STATS_INVALID: the input lies outside the method's domain. */
typedef enum stats_status stats_method_fn(const void *in, void *out, struct arena *arena);

struct stats_method {
    const char *name;
    const struct stats_in_field *in;
    size_t in_bytes;
    const struct stats_out_field *out;
    size_t out_bytes;
    stats_method_fn *run;
    const char *about; /* one line */
};

/* The method of that name, or NULL. */
const struct stats_method *stats_method_find(const char *name);

/* The method at this index of all, or NULL past the end. */
const struct stats_method *stats_method_at(size_t index);

/* Runs a method on one input object and appends its results, a JSON object, to 'out'. */
enum err stats_method_run(const struct stats_method *method, const json_t *input,
                          struct arena *arena, struct buf *out, struct fault *ret_fault) must_use;

/* Reads an object into the struct at 'to', which the arena outlives. Refuses unknown fields. */
enum err stats_read(const struct stats_in_field *fields, const json_t *object, struct arena *arena,
                    void *to, struct fault *ret_fault) must_use;

/* Appends the struct at 'from' as a JSON object. Infinite limits are the strings "Infinity" and
 * "-Infinity". */
void stats_write(const struct stats_out_field *fields, const void *from, struct buf *out);

/* A list's leaves as doubles, from the arena. */
double *stats_list_values(const struct stats_list *list, struct arena *arena);

/* The leaves as counts, from the arena; NULL when one is null, negative or not whole. */
uint64_t *stats_list_counts(const struct stats_list *list, struct arena *arena);

/* The families; each ends with a method without a name. */
extern const struct stats_method stats_methods_prop[];
extern const struct stats_method stats_methods_mean[];
extern const struct stats_method stats_methods_moments[];
extern const struct stats_method stats_methods_bayes[];
extern const struct stats_method stats_methods_sequential[];
extern const struct stats_method stats_methods_rank[];
extern const struct stats_method stats_methods_plan[];
extern const struct stats_method stats_methods_delta[];
extern const struct stats_method stats_methods_more[];
