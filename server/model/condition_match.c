// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition.h"

#include "model/condition_literal.h"
#include "model/condition_lower.h"
#include "model/condition_node.h"
#include "model/version.h"

#include "base/mem.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* What every test gets: itself, the value it is asked about, and the saved groups. */
typedef bool test_fn(const struct condition_node *node, const struct condition_value *v,
                     const json_t *groups);

static bool matches(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups);

static bool never(const struct condition_node *node, const struct condition_value *v,
                  const json_t *groups)
{
    (void)node;
    (void)v;
    (void)groups;
    return false;
}

static bool all_of(const struct condition_node *node, const struct condition_value *v,
                   const json_t *groups)
{
    for (unsigned i = 0; i < node->count; i++)
        if (!matches(&node->children[i], v, groups))
            return false;
    return true;
}

static bool any_of(const struct condition_node *node, const struct condition_value *v,
                   const json_t *groups)
{
    for (unsigned i = 0; i < node->count; i++)
        if (matches(&node->children[i], v, groups))
            return true;
    return node->count == 0;
}

/* A path ends at null where a step leads nowhere. */
static struct condition_value value_at(const struct condition_path *path,
                                       const struct condition_value *from)
{
    struct condition_value at = *from;
    for (size_t i = 0; i < path->count; i++) {
        const struct condition_step *step = &path->steps[i];
        if (at.kind == CONDITION_OBJECT)
            at = condition_value_of(json_object_get(at.tree, step->key));
        else if (at.kind == CONDITION_ARRAY && strcmp(step->key, "length") == 0)
            at = (struct condition_value){.kind = CONDITION_NUMBER,
                                          .number = (double)json_array_size(at.tree)};
        else if (at.kind == CONDITION_ARRAY)
            at = condition_value_of(json_array_get(at.tree, step->index));
        else
            return (struct condition_value){.kind = CONDITION_NULL};
    }
    return at;
}

static bool at_path(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    struct condition_value at = value_at(&node->path, v);
    return matches(node->children, &at, groups);
}

static bool text_is(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)groups;
    auto_condition_text struct condition_text text;
    condition_text_of(v, &text);
    const struct condition_value *want = &node->operand;
    if (node->is_insensitive)
        return condition_lower_equals(text.s, text.length, want->text, want->length);
    return text.length == want->length && memcmp(text.s, want->text, want->length) == 0;
}

static bool number_is(const struct condition_node *node, const struct condition_value *v,
                      const json_t *groups)
{
    (void)groups;
    return condition_value_number(v) == node->operand.number;
}

static bool boolean_is(const struct condition_node *node, const struct condition_value *v,
                       const json_t *groups)
{
    (void)groups;
    return v->kind != CONDITION_NULL &&
           condition_value_is_true(v) == condition_value_is_true(&node->operand);
}

static bool null_is(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)node;
    (void)groups;
    return v->kind == CONDITION_NULL;
}

static bool json_is(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)groups;
    return condition_literal_equals(node->literal, v);
}

static bool equals(const struct condition_node *node, const struct condition_value *v,
                   const json_t *groups)
{
    (void)groups;
    return condition_value_same(&node->operand, v);
}

static bool is_ordered(enum condition_test test, int difference)
{
    switch ((int)test) {
    case CONDITION_LESS:
    case CONDITION_VERSION_LESS:
        return difference < 0;
    case CONDITION_LESS_EQUAL:
    case CONDITION_VERSION_LESS_EQUAL:
        return difference <= 0;
    case CONDITION_GREATER:
    case CONDITION_VERSION_GREATER:
        return difference > 0;
    case CONDITION_GREATER_EQUAL:
    case CONDITION_VERSION_GREATER_EQUAL:
        return difference >= 0;
    default:
        return difference == 0;
    }
}

/* Strings by their code units if both are strings, else numbers. */
static bool compares(const struct condition_node *node, const struct condition_value *v,
                     const json_t *groups)
{
    (void)groups;
    const struct condition_value *want = &node->operand;
    bool is_text = v->kind >= CONDITION_STRING && want->kind == CONDITION_STRING;
    if (!is_text) {
        double a = condition_value_number(v), b = condition_value_number(want);
        return !isnan(a) && !isnan(b) && is_ordered(node->test, (a > b) - (a < b));
    }
    auto_condition_text struct condition_text text;
    condition_text_of(v, &text);
    return is_ordered(node->test,
                      condition_text_compare(text.s, text.length, want->text, want->length));
}

static bool exists(const struct condition_node *node, const struct condition_value *v,
                   const json_t *groups)
{
    (void)node;
    (void)groups;
    return v->kind != CONDITION_NULL;
}

static bool list_has(const struct condition_node *node, const struct condition_value *v)
{
    return node->is_insensitive ? condition_list_has_lower(&node->list, v)
                                : condition_list_has(&node->list, v);
}

static bool in_list(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)groups;
    if (v->kind != CONDITION_ARRAY)
        return list_has(node, v);
    size_t count = json_array_size(v->tree);
    for (size_t i = 0; i < count; i++) {
        struct condition_value item = condition_value_of(json_array_get(v->tree, i));
        if (list_has(node, &item))
            return true;
    }
    return false;
}

static bool group_has(const json_t *group, const struct condition_value *v)
{
    size_t count = json_array_size(group);
    for (size_t i = 0; i < count; i++) {
        struct condition_value member = condition_value_of(json_array_get(group, i));
        if (condition_value_same(&member, v))
            return true;
    }
    return false;
}

static bool in_group(const struct condition_node *node, const struct condition_value *v,
                     const json_t *groups)
{
    const json_t *group = json_object_get(groups, node->operand.text);
    if (v->kind != CONDITION_ARRAY)
        return group_has(group, v);
    size_t count = json_array_size(v->tree);
    for (size_t i = 0; i < count; i++) {
        struct condition_value item = condition_value_of(json_array_get(v->tree, i));
        if (group_has(group, &item))
            return true;
    }
    return false;
}

static bool has_size(const struct condition_node *node, const struct condition_value *v,
                     const json_t *groups)
{
    if (v->kind != CONDITION_ARRAY)
        return false;
    struct condition_value size = {.kind = CONDITION_NUMBER,
                                   .number = (double)json_array_size(v->tree)};
    return matches(node->children, &size, groups);
}

static bool has_item(const struct condition_node *test, const struct condition_value *v,
                     bool only_true, const json_t *groups)
{
    size_t count = json_array_size(v->tree);
    for (size_t i = 0; i < count; i++) {
        struct condition_value item = condition_value_of(json_array_get(v->tree, i));
        if ((!only_true || condition_value_is_true(&item)) && matches(test, &item, groups))
            return true;
    }
    return false;
}

static bool some_item(const struct condition_node *node, const struct condition_value *v,
                      const json_t *groups)
{
    return v->kind == CONDITION_ARRAY && has_item(node->children, v, true, groups);
}

static bool each_in(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    if (v->kind != CONDITION_ARRAY)
        return false;
    for (unsigned i = 0; i < node->count; i++)
        if (!has_item(&node->children[i], v, false, groups))
            return false;
    return true;
}

/* A search given up is neither a match nor its opposite. */
static bool pattern(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)groups;
    auto_condition_text struct condition_text text;
    condition_text_of(v, &text);
    int found = regex_search(node->regex, text.s, text.length);
    return found < 0 ? node->is_negated : found > 0;
}

static bool kind_is(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    (void)groups;
    return v->kind == node->kind;
}

static bool version_compares(const struct condition_node *node, const struct condition_value *v,
                             const json_t *groups)
{
    (void)groups;
    char fixed[256];
    auto_free char *longer = NULL;
    char *padded = fixed;
    auto_condition_text struct condition_text text;
    condition_version_of(v, &text);
    size_t length = version_pad(text.s, text.length, fixed, sizeof(fixed));
    if (length > sizeof(fixed)) {
        longer = mem_alloc(length);
        padded = longer;
        version_pad(text.s, text.length, padded, length);
    }
    return is_ordered(node->test, condition_text_compare(padded, length, node->operand.text,
                                                         node->operand.length));
}

static test_fn *const tests[CONDITION_TEST_COUNT] = {
    [CONDITION_NEVER] = never,
    [CONDITION_ALL_OF] = all_of,
    [CONDITION_ANY_OF] = any_of,
    [CONDITION_AT] = at_path,
    [CONDITION_TEXT_IS] = text_is,
    [CONDITION_NUMBER_IS] = number_is,
    [CONDITION_BOOLEAN_IS] = boolean_is,
    [CONDITION_NULL_IS] = null_is,
    [CONDITION_JSON_IS] = json_is,
    [CONDITION_EQUALS] = equals,
    [CONDITION_LESS] = compares,
    [CONDITION_LESS_EQUAL] = compares,
    [CONDITION_GREATER] = compares,
    [CONDITION_GREATER_EQUAL] = compares,
    [CONDITION_EXISTS] = exists,
    [CONDITION_IN_LIST] = in_list,
    [CONDITION_IN_GROUP] = in_group,
    [CONDITION_SIZE] = has_size,
    [CONDITION_SOME_ITEM] = some_item,
    [CONDITION_EACH_IN] = each_in,
    [CONDITION_PATTERN] = pattern,
    [CONDITION_KIND_IS] = kind_is,
    [CONDITION_VERSION_EQUAL] = version_compares,
    [CONDITION_VERSION_LESS] = version_compares,
    [CONDITION_VERSION_LESS_EQUAL] = version_compares,
    [CONDITION_VERSION_GREATER] = version_compares,
    [CONDITION_VERSION_GREATER_EQUAL] = version_compares,
};

static bool matches(const struct condition_node *node, const struct condition_value *v,
                    const json_t *groups)
{
    return tests[node->test](node, v, groups) != node->is_negated;
}

bool condition_matches(const struct condition *condition, const json_t *attributes,
                       const json_t *saved_groups)
{
    struct condition_value v = condition_value_of(attributes);
    return matches(&condition->root, &v, saved_groups);
}
