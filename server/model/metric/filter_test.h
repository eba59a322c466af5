// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One comparison of a filter: what it answers for each kind of value that a property may have. The
 * kinds are told apart in the predicate itself, so that no comparison of unlike values, which
 * jsonpath calls unknown, is ever left standing. Part of filter.
 */
#pragma once

#include "base/text.h"

#include <jansson.h>

#define FILTER_ALWAYS "1 == 1"

enum filter_operator {
    FILTER_EQUAL,
    FILTER_EXISTS,
    FILTER_GREATER,
    FILTER_GREATER_EQUAL,
    FILTER_IN,
    FILTER_LESS,
    FILTER_LESS_EQUAL,
    FILTER_NOT,
};

struct filter_path {
    struct buf value;   /* $."a"."b" */
    struct buf parents; /* the predicate that all before the last step are objects; may be empty */
};

/* False for a dotted path with a step that may be an index. Done with filter_path_done either way.
 */
bool filter_path_init(struct filter_path *p, const char *dotted);
void filter_path_done(struct filter_path *p);

/* Which values match: null, true, false and arrays or objects as such, text and numbers by a
 * predicate each, empty where none matches. */
struct filter_test {
    const struct filter_path *path;
    bool takes_null, takes_true, takes_false, takes_other;
    struct buf number;
    struct buf text;
};

/* Matches nothing at first; each of the following adds what it takes. Operands are scalars. */
void filter_test_init(struct filter_test *t, const struct filter_path *path);
void filter_test_done(struct filter_test *t);
/* As `===` */
void filter_test_equal(struct filter_test *t, const json_t *operand);
/* Adds the test that a plain value in a condition means. */
void filter_test_plain(struct filter_test *t, const json_t *value);
/* One of the four orders. */
void filter_test_compare(struct filter_test *t, enum filter_operator kind, const json_t *operand);
void filter_test_exists(struct filter_test *t, bool exists);

/* Appends the predicate, in parentheses. */
void filter_test_write(const struct filter_test *t, struct buf *out);
