// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision_audience.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Attributes that each page tells of itself: one text, never a list. */
static const char *const scalars[] = {
    "browser",  "country", "device",       "host",        "language",   "os",         "path",
    "referrer", "url",     "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term"};

static bool is_scalar(const char *name)
{
    for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++)
        if (strcmp(scalars[i], name) == 0)
            return true;
    return false;
}

static bool is_same(const json_t *a, const json_t *b)
{
    return json_is_number(a) && json_is_number(b) ? json_number_value(a) == json_number_value(b)
                                                  : json_equal(a, b);
}

static bool is_like(const json_t *a, const json_t *b)
{
    return json_typeof(a) == json_typeof(b) || (json_is_number(a) && json_is_number(b)) ||
           (json_is_boolean(a) && json_is_boolean(b));
}

/* A list as text is its items with ',' between them. */
static bool is_list_text(const json_t *value)
{
    return json_is_string(value) && strchr(json_string_value(value), ',');
}

/* Whether some value may be equal to both: what compares loosely is equal across kinds. */
static bool is_maybe_same(const json_t *a, const json_t *b)
{
    return is_same(a, b) || !is_like(a, b);
}

static bool is_in(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (is_same(json_array_get(list, i), value))
            return true;
    return false;
}

static bool is_maybe_in(const json_t *list, const json_t *value)
{
    if (is_list_text(value))
        return true;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (is_maybe_same(json_array_get(list, i), value))
            return true;
    return false;
}

static bool has_operators(const json_t *test)
{
    const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)test));
    return key && key[0] == '$';
}

/* Whether a number, or one of a kind that is not compared, can pass $gt and its brothers. */
static bool is_within(const json_t *test, const json_t *value)
{
    static const struct {
        const char *name;
        bool is_below, has_end;
    } bounds[] = {
        {"$gt", false, false}, {"$gte", false, true}, {"$lt", true, false}, {"$lte", true, true}};
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
        const json_t *bound = json_object_get(test, bounds[i].name);
        if (!json_is_number(bound) || !json_is_number(value))
            continue;
        double behind = json_number_value(value) - json_number_value(bound);
        if (behind == 0 ? !bounds[i].has_end : (behind < 0) != bounds[i].is_below)
            return false;
    }
    return true;
}

/* Whether the value can pass the test. */
static bool admits(const json_t *test, const json_t *value)
{
    if (json_is_null(value) || json_is_null(test))
        return true;
    if (!json_is_object(test) || !has_operators(test))
        return is_maybe_same(test, value);
    const json_t *equal = json_object_get(test, "$eq"), *other = json_object_get(test, "$ne");
    const json_t *in = json_object_get(test, "$in"), *out = json_object_get(test, "$nin");
    return (!equal || json_is_null(equal) || is_maybe_same(equal, value)) &&
           (!other || !is_same(other, value)) && (!in || is_maybe_in(in, value)) &&
           (!out || !is_in(out, value)) && is_within(test, value);
}

/* Whether a list with one of the values of some $in may pass this test by its other items. */
static bool may_hold_more(const json_t *test)
{
    return has_operators(test) ? json_object_get(test, "$in") || json_object_get(test, "$ne")
                               : is_list_text(test);
}

/* Whether no value that the first test names passes the second. */
static bool has_no_value_for(const char *name, const json_t *test, const json_t *other,
                             struct collision_work *work)
{
    const json_t *equal = has_operators(test) ? json_object_get(test, "$eq") : test;
    const json_t *in = json_object_get(test, "$in");
    if (equal)
        return !admits(other, equal);
    if (in && !is_scalar(name) && may_hold_more(other))
        return false;
    for (size_t i = 0; i < json_array_size(in); i++) {
        size_t others = 1 + json_array_size(json_object_get(other, "$in")) +
                        json_array_size(json_object_get(other, "$nin"));
        if (!collision_spend(work, others) || admits(other, json_array_get(in, i)))
            return false;
    }
    return in != NULL;
}

/* The highest number that is excluded from below, or the lowest from above; NAN: none is. */
static double bound_of(const json_t *test, const char *open, const char *closed)
{
    const json_t *bound = json_object_get(test, open);
    if (!bound)
        bound = json_object_get(test, closed);
    return json_is_number(bound) ? json_number_value(bound) : NAN;
}

static bool is_range_apart(const json_t *a, const json_t *b)
{
    double least = bound_of(a, "$gt", "$gte"), most = bound_of(b, "$lt", "$lte");
    bool is_open = json_object_get(a, "$gt") || json_object_get(b, "$lt");
    return least > most || (least == most && is_open);
}

static bool is_test_apart(const char *name, const json_t *a, const json_t *b,
                          struct collision_work *work)
{
    if (json_is_null(a) || json_is_null(b))
        return false;
    return has_no_value_for(name, a, b, work) || has_no_value_for(name, b, a, work) ||
           is_range_apart(a, b) || is_range_apart(b, a);
}

/* Whether whoever passes the test of the attribute is not in the audience. */
static bool is_attribute_apart(const char *name, const json_t *test, const json_t *audience,
                               struct collision_work *work)
{
    const char *key;
    json_t *value;
    size_t i;
    if (!collision_spend(work, 1 + json_object_size(audience)))
        return false;
    const json_t *same = json_object_get(audience, name);
    if (same && is_test_apart(name, test, same, work))
        return true;
    json_object_foreach((json_t *)(uintptr_t)audience, key, value) {
        bool is_and = strcmp(key, "$and") == 0, is_or = strcmp(key, "$or") == 0;
        size_t apart = 0;
        for (i = 0; (is_and || is_or) && i < json_array_size(value); i++)
            apart += is_attribute_apart(name, test, json_array_get(value, i), work);
        if ((is_and && apart > 0) || (is_or && apart > 0 && apart == json_array_size(value)))
            return true;
    }
    return false;
}

/* Whether something that 'a' asks of an attribute leaves nobody of 'b'. */
static bool is_apart(const json_t *a, const json_t *b, struct collision_work *work)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach((json_t *)(uintptr_t)a, key, value) {
        bool is_and = strcmp(key, "$and") == 0, is_or = strcmp(key, "$or") == 0;
        size_t apart = 0;
        if (key[0] != '$' && is_attribute_apart(key, value, b, work))
            return true;
        for (i = 0; (is_and || is_or) && i < json_array_size(value); i++)
            apart += is_apart(json_array_get(value, i), b, work);
        if ((is_and && apart > 0) || (is_or && apart > 0 && apart == json_array_size(value)))
            return true;
    }
    return false;
}

bool collision_audience_meets(const json_t *a, const json_t *b, struct collision_work *work)
{
    return !is_apart(a, b, work) && !is_apart(b, a, work);
}
