// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition.h"

#include "model/condition/condition_literal.h"
#include "model/condition/condition_lower.h"
#include "model/condition/condition_node.h"
#include "model/condition/version.h"

#include "base/clock.h"
#include "base/mem.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A letter of three bytes has a small one of one byte; none shrinks more. */
#define LOWER_SHRINKS 3

/* What a whole condition is asked about. */
struct world {
    const struct condition_value *slots;
    const json_t *groups;
    struct condition_texts *texts;
};

/* What every test gets: itself, the value it is asked about, and all there is. */
typedef bool test_fn(const struct condition_node *node, const struct condition_value *v,
                     const struct world *world);

static bool matches(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world);

static bool never(const struct condition_node *node, const struct condition_value *v,
                  const struct world *world)
{
    (void)node;
    (void)v;
    (void)world;
    return false;
}

static bool all_of(const struct condition_node *node, const struct condition_value *v,
                   const struct world *world)
{
    for (unsigned i = 0; i < node->count; i++)
        if (!matches(&node->children[i], v, world))
            return false;
    return true;
}

static bool any_of(const struct condition_node *node, const struct condition_value *v,
                   const struct world *world)
{
    for (unsigned i = 0; i < node->count; i++)
        if (matches(&node->children[i], v, world))
            return true;
    return node->count == 0;
}

/* A path ends at null where a step leads nowhere. */
static struct condition_value value_at(const struct condition_path *path,
                                       const struct condition_value *from)
{
    struct condition_value at = *from;
    for (size_t i = 0; i < path->count; i++)
        at = condition_value_at(&at, &path->steps[i]);
    return at;
}

static bool at_path(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    struct condition_value at = value_at(&node->path, v);
    return matches(node->children, &at, world);
}

static bool text_is(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    (void)world;
    const struct condition_value *want = &node->operand;
    if (v->kind == CONDITION_STRING && !node->is_insensitive)
        return v->length == want->length && memcmp(v->text, want->text, want->length) == 0;
    size_t most = node->is_insensitive ? LOWER_SHRINKS * want->length : want->length;
    auto_condition_text struct condition_text text;
    condition_text_within(v, most, &text);
    if (text.length > most)
        return false;
    if (node->is_insensitive)
        return condition_lower_equals(text.s, text.length, want->text, want->length);
    return text.length == want->length && memcmp(text.s, want->text, want->length) == 0;
}

static bool number_is(const struct condition_node *node, const struct condition_value *v,
                      const struct world *world)
{
    (void)world;
    struct condition_value n = condition_value_as_number(v);
    return !isnan(n.number) && condition_value_compare(&n, &node->operand) == 0;
}

static bool boolean_is(const struct condition_node *node, const struct condition_value *v,
                       const struct world *world)
{
    (void)world;
    return v->kind != CONDITION_NULL &&
           condition_value_is_true(v) == condition_value_is_true(&node->operand);
}

static bool null_is(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    (void)node;
    (void)world;
    return v->kind == CONDITION_NULL;
}

static bool json_is(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    (void)world;
    return condition_literal_equals(node->literal, v);
}

static bool equals(const struct condition_node *node, const struct condition_value *v,
                   const struct world *world)
{
    (void)world;
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

/* Two texts that are both moments: how the value's differs. */
static bool are_moments(const struct condition_node *node, const struct condition_value *v,
                        int *ret_difference)
{
    int64_t us;
    if (node->moment_us < 0 || v->kind != CONDITION_STRING || !clock_parse(v->text, v->length, &us))
        return false;
    *ret_difference = (us > node->moment_us) - (us < node->moment_us);
    return true;
}

/* Strings as moments if both are, else by their code units; anything else as numbers. */
static bool compares(const struct condition_node *node, const struct condition_value *v,
                     const struct world *world)
{
    (void)world;
    const struct condition_value *want = &node->operand;
    if (v->kind == CONDITION_NUMBER && want->kind == CONDITION_NUMBER)
        return is_ordered(node->test, condition_value_compare(v, want));
    bool is_text = v->kind >= CONDITION_STRING && want->kind == CONDITION_STRING;
    if (!is_text) {
        struct condition_value a = condition_value_as_number(v);
        struct condition_value b = condition_value_as_number(want);
        return !isnan(a.number) && !isnan(b.number) &&
               is_ordered(node->test, condition_value_compare(&a, &b));
    }
    int difference;
    if (are_moments(node, v, &difference))
        return is_ordered(node->test, difference);
    auto_condition_text struct condition_text text;
    condition_text_within(v, want->length, &text);
    return is_ordered(node->test,
                      condition_text_compare(text.s, text.length, want->text, want->length));
}

static bool exists(const struct condition_node *node, const struct condition_value *v,
                   const struct world *world)
{
    (void)node;
    (void)world;
    return v->kind != CONDITION_NULL;
}

static bool list_has(const struct condition_node *node, const struct condition_value *v)
{
    return node->is_insensitive ? condition_list_has_lower(&node->list, v)
                                : condition_list_has(&node->list, v);
}

static bool in_list(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    (void)world;
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
                     const struct world *world)
{
    const json_t *group = json_object_get(world->groups, node->operand.text);
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
                     const struct world *world)
{
    if (v->kind != CONDITION_ARRAY)
        return false;
    struct condition_value size = {.kind = CONDITION_NUMBER,
                                   .number = (double)json_array_size(v->tree)};
    return matches(node->children, &size, world);
}

static bool has_item(const struct condition_node *test, const struct condition_value *v,
                     bool only_true, const struct world *world)
{
    size_t count = json_array_size(v->tree);
    for (size_t i = 0; i < count; i++) {
        struct condition_value item = condition_value_of(json_array_get(v->tree, i));
        if ((!only_true || condition_value_is_true(&item)) && matches(test, &item, world))
            return true;
    }
    return false;
}

static bool some_item(const struct condition_node *node, const struct condition_value *v,
                      const struct world *world)
{
    return v->kind == CONDITION_ARRAY && has_item(node->children, v, true, world);
}

static bool each_in(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    if (v->kind != CONDITION_ARRAY)
        return false;
    for (unsigned i = 0; i < node->count; i++)
        if (!has_item(&node->children[i], v, false, world))
            return false;
    return true;
}

/* A search given up is neither a match nor its opposite. */
static bool pattern(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    auto_condition_text struct condition_text text = {0};
    if (v->kind == CONDITION_ARRAY)
        text.s = condition_texts_find(world->texts, v, &text.length);
    else
        condition_text_of(v, &text);
    int found = regex_search(node->regex, text.s, text.length);
    return found < 0 ? node->is_negated : found > 0;
}

static bool kind_is(const struct condition_node *node, const struct condition_value *v,
                    const struct world *world)
{
    (void)world;
    return v->kind == node->kind;
}

static bool version_compares(const struct condition_node *node, const struct condition_value *v,
                             const struct world *world)
{
    (void)world;
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
    [CONDITION_AT_SLOT] = at_path, /* with the slot as the value */
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
                    const struct world *world)
{
    if (node->test == CONDITION_AT_SLOT) {
        v = &world->slots[node->slot];
        if (node->path.count == 0)
            node = node->children;
    }
    return tests[node->test](node, v, world) != node->is_negated;
}

static bool root_matches(const struct condition *condition, const struct world *world)
{
    /* Only slots are asked for at the root. */
    static const struct condition_value nothing = {.kind = CONDITION_NULL};
    return matches(&condition->root, &nothing, world);
}

bool condition_matches_slots(const struct condition *condition,
                             const struct condition_value *attributes,
                             struct condition_texts *texts)
{
    const struct world world = {.slots = attributes, .texts = texts};
    return root_matches(condition, &world);
}

bool condition_matches(const struct condition *condition, const json_t *attributes,
                       const json_t *saved_groups)
{
    struct condition_value few[16];
    auto_free struct condition_value *many = NULL;
    struct condition_texts texts = {0};
    struct world world = {few, saved_groups, &texts};
    if (condition->names->count > sizeof(few) / sizeof(few[0])) {
        many = mem_alloc(condition->names->count * sizeof(*many));
        world.slots = many;
    }
    condition_names_read(condition->names, attributes, many ? many : few);
    bool is_match = root_matches(condition, &world);
    condition_texts_done(&texts);
    return is_match;
}
