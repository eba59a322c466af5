// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_literal.h"
#include "model/condition/condition_node.h"
#include "model/condition/version.h"

#include "base/clock.h"

#include <string.h>

struct operator_row;

typedef enum err compile_fn(struct condition_compiler *c, const struct operator_row *row,
                            const json_t *operand, struct condition_node *ret);

static compile_fn compile_equality, compile_order, compile_exists, compile_list, compile_group,
    compile_not, compile_size, compile_item, compile_each, compile_pattern, compile_type,
    compile_version;

struct operator_row {
    const char *name;
    compile_fn *compile;
    enum condition_test test;
    bool is_negated;
    bool is_insensitive;
};

static const struct operator_row operators[] = {
    {"$all", compile_each, CONDITION_EACH_IN, false, false},
    {"$alli", compile_each, CONDITION_EACH_IN, false, true},
    {"$elemMatch", compile_item, CONDITION_SOME_ITEM, false, false},
    {"$eq", compile_equality, CONDITION_EQUALS, false, false},
    {"$exists", compile_exists, CONDITION_EXISTS, false, false},
    {"$gt", compile_order, CONDITION_GREATER, false, false},
    {"$gte", compile_order, CONDITION_GREATER_EQUAL, false, false},
    {"$in", compile_list, CONDITION_IN_LIST, false, false},
    {"$inGroup", compile_group, CONDITION_IN_GROUP, false, false},
    {"$ini", compile_list, CONDITION_IN_LIST, false, true},
    {"$lt", compile_order, CONDITION_LESS, false, false},
    {"$lte", compile_order, CONDITION_LESS_EQUAL, false, false},
    {"$ne", compile_equality, CONDITION_EQUALS, true, false},
    {"$nin", compile_list, CONDITION_IN_LIST, true, false},
    {"$nini", compile_list, CONDITION_IN_LIST, true, true},
    {"$not", compile_not, CONDITION_NEVER, true, false},
    {"$notInGroup", compile_group, CONDITION_IN_GROUP, true, false},
    {"$notRegex", compile_pattern, CONDITION_PATTERN, true, false},
    {"$notRegexi", compile_pattern, CONDITION_PATTERN, true, true},
    {"$regex", compile_pattern, CONDITION_PATTERN, false, false},
    {"$regexi", compile_pattern, CONDITION_PATTERN, false, true},
    {"$size", compile_size, CONDITION_SIZE, false, false},
    {"$type", compile_type, CONDITION_KIND_IS, false, false},
    {"$veq", compile_version, CONDITION_VERSION_EQUAL, false, false},
    {"$vgt", compile_version, CONDITION_VERSION_GREATER, false, false},
    {"$vgte", compile_version, CONDITION_VERSION_GREATER_EQUAL, false, false},
    {"$vlt", compile_version, CONDITION_VERSION_LESS, false, false},
    {"$vlte", compile_version, CONDITION_VERSION_LESS_EQUAL, false, false},
    {"$vne", compile_version, CONDITION_VERSION_EQUAL, true, false},
};

static struct condition_node *new_child(struct condition_compiler *c, struct condition_node *parent)
{
    struct condition_node *child = arena_zalloc(c->arena, sizeof(*child));
    parent->children = child;
    parent->count = 1;
    return child;
}

static enum err compile_equality(struct condition_compiler *c, const struct operator_row *row,
                                 const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (c->is_strict && (json_is_array(operand) || json_is_object(operand)))
        return condition_refuse(c, ret, "an array or object equals no other: write it without $eq");
    struct condition_value v = condition_value_of(operand);
    ret->operand = condition_literal_keep(c, &v);
    return ERR_OK;
}

static enum err compile_order(struct condition_compiler *c, const struct operator_row *row,
                              const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (c->is_strict && !json_is_string(operand) && !json_is_number(operand))
        return condition_refuse(c, ret, "a number or a string belongs here");
    ret->operand = condition_literal_primitive(c, operand);
    if (ret->operand.kind != CONDITION_STRING ||
        !clock_parse(ret->operand.text, ret->operand.length, &ret->moment_us))
        ret->moment_us = -1;
    return ERR_OK;
}

static enum err compile_exists(struct condition_compiler *c, const struct operator_row *row,
                               const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (c->is_strict && !json_is_boolean(operand))
        return condition_refuse(c, ret, "true or false belongs here");
    struct condition_value v = condition_value_of(operand);
    ret->is_negated = !condition_value_is_true(&v);
    return ERR_OK;
}

static enum err compile_list(struct condition_compiler *c, const struct operator_row *row,
                             const json_t *operand, struct condition_node *ret)
{
    if (!json_is_array(operand))
        return condition_refuse(c, ret, "a list of values belongs here");
    return condition_literal_list(c, operand, row->is_insensitive, &ret->list);
}

static enum err compile_group(struct condition_compiler *c, const struct operator_row *row,
                              const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (c->is_strict && !json_is_string(operand))
        return condition_refuse(c, ret, "the name of a saved group belongs here");
    struct condition_value v = condition_value_of(operand);
    auto_condition_text struct condition_text text;
    condition_text_of(&v, &text);
    v = (struct condition_value){.kind = CONDITION_STRING, .text = text.s, .length = text.length};
    ret->operand = condition_literal_keep(c, &v);
    return ERR_OK;
}

static enum err compile_not(struct condition_compiler *c, const struct operator_row *row,
                            const json_t *operand, struct condition_node *ret)
{
    (void)row;
    enum err e = condition_compile_value(c, operand, false, ret);
    ret->is_negated = !ret->is_negated;
    return e;
}

static enum err compile_size(struct condition_compiler *c, const struct operator_row *row,
                             const json_t *operand, struct condition_node *ret)
{
    (void)row;
    bool is_condition = json_is_object(operand) && condition_is_operators(operand);
    if (c->is_strict && !json_is_integer(operand) && !is_condition)
        return condition_refuse(c, ret, "a whole number or a comparison belongs here");
    return condition_compile_value(c, operand, false, new_child(c, ret));
}

static enum err compile_item(struct condition_compiler *c, const struct operator_row *row,
                             const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (!json_is_object(operand))
        return condition_refuse(c, ret, "a condition belongs here");
    if (condition_is_operators(operand))
        return condition_compile_value(c, operand, false, new_child(c, ret));
    /* The fields it names are the item's. */
    struct condition_names *names = c->names;
    c->names = NULL;
    enum err e = condition_compile_object(c, operand, new_child(c, ret));
    c->names = names;
    return e;
}

static enum err compile_each(struct condition_compiler *c, const struct operator_row *row,
                             const json_t *operand, struct condition_node *ret)
{
    if (!json_is_array(operand))
        return condition_refuse(c, ret, "a list of values belongs here");
    return condition_compile_items(c, operand, false, row->is_insensitive, ret);
}

static enum err compile_pattern(struct condition_compiler *c, const struct operator_row *row,
                                const json_t *operand, struct condition_node *ret)
{
    if (!json_is_string(operand))
        return condition_refuse(c, ret, "a regular expression belongs here, as a string");
    struct fault fault;
    ret->regex = regex_compile(c->arena, json_string_value(operand), json_string_length(operand),
                               row->is_insensitive, &fault);
    if (ret->regex)
        return ERR_OK;
    if (fault.code == ERR_TOO_LARGE)
        return fault_set(c->fault, fault.code, c->pointer, "%s", fault.detail);
    return condition_refuse(c, ret, fault.detail);
}

static enum err compile_type(struct condition_compiler *c, const struct operator_row *row,
                             const json_t *operand, struct condition_node *ret)
{
    (void)row;
    static const char *const names[] = {
        [CONDITION_NULL] = "null",     [CONDITION_BOOLEAN] = "boolean",
        [CONDITION_NUMBER] = "number", [CONDITION_STRING] = "string",
        [CONDITION_ARRAY] = "array",   [CONDITION_OBJECT] = "object",
    };
    const char *name = json_is_string(operand) ? json_string_value(operand) : "";
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            ret->kind = (enum condition_kind)i;
            return ERR_OK;
        }
    }
    return condition_refuse(c, ret, "string, number, boolean, array, object or null belongs here");
}

static enum err compile_version(struct condition_compiler *c, const struct operator_row *row,
                                const json_t *operand, struct condition_node *ret)
{
    (void)row;
    if (c->is_strict && !json_is_string(operand))
        return condition_refuse(c, ret, "a version belongs here, as a string");
    struct condition_value v = condition_value_of(operand);
    auto_condition_text struct condition_text text;
    condition_version_of(&v, &text);
    v = (struct condition_value){.kind = CONDITION_STRING};
    v.length = version_pad(text.s, text.length, NULL, 0);
    char *padded = arena_zalloc(c->arena, v.length + 1);
    version_pad(text.s, text.length, padded, v.length);
    v.text = padded;
    ret->operand = v;
    return ERR_OK;
}

enum err condition_compile_operator(struct condition_compiler *c, const char *name,
                                    const json_t *operand, struct condition_node *ret)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        const struct operator_row *row = &operators[i];
        if (strcmp(row->name, name) != 0)
            continue;
        *ret = (struct condition_node){.test = row->test,
                                       .is_negated = row->is_negated,
                                       .is_insensitive = row->is_insensitive};
        return row->compile(c, row, operand, ret);
    }
    return condition_refuse(c, ret, "there is no such operator");
}
