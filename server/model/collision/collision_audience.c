// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision_audience.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* What the SDK says of a page and a visitor, and a country: one value each, never a list. */
static bool is_scalar(const char *name)
{
    static const char *const names[] = {
        "basket_value",
        "country",
        "days_since_first_visit",
        "device",
        "first_source",
        "host",
        "language",
        "path",
        "referrer",
        "url",
        "user_id",
        "utm_campaign",
        "utm_content",
        "utm_medium",
        "utm_source",
        "utm_term",
        "visit_count",
        "visitor_type",
        "viewport_width",
        "viewport_height",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_same(const json_t *a, const json_t *b)
{
    return json_is_number(a) && json_is_number(b) ? json_number_value(a) == json_number_value(b)
                                                  : json_equal(a, b);
}

static bool is_one_kind(const json_t *a, const json_t *b)
{
    return (json_is_number(a) && json_is_number(b)) || (json_is_boolean(a) && json_is_boolean(b)) ||
           json_typeof(a) == json_typeof(b);
}

/* Of two kinds, one attribute may pass for both: "1" for 1, "yes" for true. */
static bool may_be_same(const json_t *a, const json_t *b)
{
    return is_same(a, b) || !is_one_kind(a, b);
}

/* Whether a list of several may pass for it, as it does for the text of them all. */
static bool may_be_list(const json_t *value)
{
    return json_is_true(value) ||
           (json_is_string(value) && strchr(json_string_value(value), ',') != NULL);
}

/* How a condition asks for a value. */
enum asking {
    ASKING_LOOSELY, /* plain */
    ASKING_LISTS,   /* plain, and a list may pass */
    ASKING_EXACTLY, /* $eq, or $in of what is no list */
    ASKING_ITEMS,   /* $in: whatever else the list holds */
};

static bool is_in(const json_t *list, const json_t *value, bool is_loose)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if ((is_loose ? may_be_same : is_same)(json_array_get(list, i), value))
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
static bool admits(const json_t *test, const json_t *value, enum asking how)
{
    if (json_is_null(value) || json_is_null(test))
        return true;
    if (!json_is_object(test) || !has_operators(test))
        return may_be_same(test, value) || (how == ASKING_ITEMS && may_be_list(test));
    const json_t *equal = json_object_get(test, "$eq"), *other = json_object_get(test, "$ne");
    const json_t *in = json_object_get(test, "$in"), *out = json_object_get(test, "$nin");
    bool is_loose = how == ASKING_LOOSELY || how == ASKING_LISTS;
    bool is_list = how == ASKING_ITEMS || how == ASKING_LISTS;
    return (!equal || json_is_null(equal) || (is_loose ? may_be_same : is_same)(equal, value)) &&
           (!other || how == ASKING_ITEMS || !is_same(other, value)) &&
           (!in || is_list || is_in(in, value, is_loose)) && (!out || !is_in(out, value, false)) &&
           is_within(test, value);
}

/* Whether no value that the first test names passes the second. */
static bool has_no_value_for(const json_t *test, const json_t *other, bool is_one,
                             struct collision_work *work)
{
    const json_t *equal = json_object_get(test, "$eq");
    const json_t *in = json_object_get(test, "$in");
    if (!has_operators(test))
        return !admits(other, test, may_be_list(test) && !is_one ? ASKING_LISTS : ASKING_LOOSELY);
    if (equal)
        return !admits(other, equal, ASKING_EXACTLY);
    for (size_t i = 0; i < json_array_size(in); i++) {
        size_t others = 1 + json_array_size(json_object_get(other, "$in")) +
                        json_array_size(json_object_get(other, "$nin"));
        if (!collision_spend(work, others) ||
            admits(other, json_array_get(in, i), is_one ? ASKING_EXACTLY : ASKING_ITEMS))
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

static bool is_test_apart(const json_t *a, const json_t *b, bool is_one,
                          struct collision_work *work)
{
    if (json_is_null(a) || json_is_null(b))
        return false;
    return has_no_value_for(a, b, is_one, work) || has_no_value_for(b, a, is_one, work) ||
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
    if (same && is_test_apart(test, same, is_scalar(name), work))
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
