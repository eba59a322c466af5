// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition.h"

#include "model/condition/condition_literal.h"
#include "model/condition/condition_node.h"

#include <stdint.h>
#include <string.h>

size_t condition_enter_key(struct condition_compiler *c, const char *key)
{
    size_t mark = strlen(c->pointer);
    pointer_push(c->pointer, sizeof(c->pointer), key);
    c->depth++;
    return mark;
}

size_t condition_enter_index(struct condition_compiler *c, size_t index)
{
    size_t mark = strlen(c->pointer);
    pointer_push_index(c->pointer, sizeof(c->pointer), index);
    c->depth++;
    return mark;
}

void condition_leave(struct condition_compiler *c, size_t mark)
{
    c->pointer[mark] = '\0';
    c->depth--;
}

enum err condition_count(struct condition_compiler *c, size_t nodes)
{
    c->nodes += (unsigned)nodes;
    if (c->nodes > CONDITION_NODES)
        return fault_set(c->fault, ERR_TOO_LARGE, c->pointer, "a condition holds at most %d values",
                         CONDITION_NODES);
    return ERR_OK;
}

/* A level is counted where something stands in it: a list of words is none. */
static enum err check_depth(struct condition_compiler *c)
{
    if (c->depth >= CONDITION_DEPTH)
        return fault_set(c->fault, ERR_TOO_LARGE, c->pointer,
                         "a condition is nested at most %d levels deep", CONDITION_DEPTH);
    return ERR_OK;
}

enum err condition_refuse(struct condition_compiler *c, struct condition_node *ret,
                          const char *sentence)
{
    if (c->is_strict)
        return fault_set(c->fault, ERR_INVALID, c->pointer, "%s", sentence);
    *ret = (struct condition_node){.test = CONDITION_NEVER};
    return ERR_OK;
}

static size_t operator_keys(const json_t *object)
{
    size_t operators = 0;
    for (void *i = json_object_iter((json_t *)(uintptr_t)object); i;
         i = json_object_iter_next((json_t *)(uintptr_t)object, i))
        operators += json_object_iter_key(i)[0] == '$';
    return operators;
}

bool condition_is_operators(const json_t *object)
{
    size_t count = json_object_size(object);
    return count > 0 && operator_keys(object) == count;
}

static struct condition_node *new_children(struct condition_compiler *c, size_t count,
                                           struct condition_node *parent)
{
    struct condition_node *children = arena_zalloc(c->arena, (count + 1) * sizeof(*children));
    parent->children = children;
    parent->count = (unsigned)count;
    return children;
}

enum err condition_compile_items(struct condition_compiler *c, const json_t *array, bool as_objects,
                                 bool is_insensitive, struct condition_node *ret)
{
    size_t count = json_array_size(array);
    enum err e = condition_count(c, count);
    if (e)
        return e;
    struct condition_node *children = new_children(c, count, ret);
    for (size_t i = 0; !e && i < count; i++) {
        const json_t *item = json_array_get(array, i);
        size_t mark = condition_enter_index(c, i);
        e = as_objects ? condition_compile_object(c, item, &children[i])
                       : condition_compile_value(c, item, is_insensitive, &children[i]);
        condition_leave(c, mark);
    }
    return e;
}

static enum err compile_operators(struct condition_compiler *c, const json_t *object,
                                  struct condition_node *ret)
{
    size_t at = 0;
    enum err e = ERR_OK;
    const char *name;
    json_t *operand;
    *ret = (struct condition_node){.test = CONDITION_ALL_OF};
    struct condition_node *children = new_children(c, json_object_size(object), ret);
    json_object_foreach((json_t *)(uintptr_t)object, name, operand) {
        size_t mark = condition_enter_key(c, name);
        e = condition_count(c, 1);
        e = e ? e : check_depth(c);
        e = e ? e : condition_compile_operator(c, name, operand, &children[at++]);
        condition_leave(c, mark);
        if (e)
            break;
    }
    if (!e && at == 1) {
        struct condition_node only = children[0];
        *ret = only;
    }
    return e;
}

static enum err compile_json(struct condition_compiler *c, const json_t *condition,
                             struct condition_node *ret)
{
    if (json_is_object(condition) && operator_keys(condition) > 0 && c->is_strict)
        return condition_refuse(c, ret, "operators and plain keys stand in one object");
    *ret = (struct condition_node){.test = CONDITION_JSON_IS};
    return condition_literal_read(c, condition, &ret->literal);
}

enum err condition_compile_value(struct condition_compiler *c, const json_t *condition,
                                 bool is_insensitive, struct condition_node *ret)
{
    enum err e = check_depth(c);
    if (e)
        return e;
    if (json_is_object(condition) && condition_is_operators(condition))
        return compile_operators(c, condition, ret);
    if (json_is_object(condition) || json_is_array(condition))
        return compile_json(c, condition, ret);
    *ret = (struct condition_node){.operand = condition_value_of(condition)};
    if (json_is_string(condition)) {
        ret->test = CONDITION_TEXT_IS;
        ret->is_insensitive = is_insensitive;
        ret->operand = is_insensitive ? condition_literal_lower(c, &ret->operand)
                                      : condition_literal_keep(c, &ret->operand);
    } else if (json_is_number(condition)) {
        ret->test = CONDITION_NUMBER_IS;
    } else {
        ret->test = json_is_null(condition) ? CONDITION_NULL_IS : CONDITION_BOOLEAN_IS;
    }
    return ERR_OK;
}

static size_t index_of(const char *key)
{
    size_t n = strspn(key, "0123456789");
    if (n == 0 || n > 9 || key[n] != '\0' || (key[0] == '0' && n > 1))
        return SIZE_MAX;
    size_t index = 0;
    for (; *key; key++)
        index = index * 10 + (size_t)(*key - '0');
    return index;
}

static struct condition_path split_path(struct condition_compiler *c, const char *dotted)
{
    size_t count = 1;
    for (const char *p = dotted; *p; p++)
        count += *p == '.';
    struct condition_step *steps = arena_alloc(c->arena, count * sizeof(*steps));
    for (size_t i = 0; i < count; i++) {
        size_t n = strcspn(dotted, ".");
        steps[i].key = arena_strndup(c->arena, dotted, n);
        steps[i].index = index_of(steps[i].key);
        dotted += n + 1;
    }
    return (struct condition_path){steps, count};
}

static enum err compile_field(struct condition_compiler *c, const char *path, const json_t *value,
                              struct condition_node *ret)
{
    if (path[0] == '$' && c->is_strict)
        return condition_refuse(c, ret,
                                "here stands the name of a field, or $and, $or, $nor or $not");
    *ret = (struct condition_node){.test = CONDITION_AT, .path = split_path(c, path)};
    if (c->names) {
        ret->test = CONDITION_AT_SLOT;
        ret->slot = condition_names_add(c->names, ret->path.steps++);
        ret->path.count--;
    }
    return condition_compile_value(c, value, false, new_children(c, 1, ret));
}

static enum err compile_logic(struct condition_compiler *c, const char *name, const json_t *value,
                              struct condition_node *ret)
{
    if (strcmp(name, "$not") == 0) {
        enum err e = condition_compile_object(c, value, ret);
        ret->is_negated = !ret->is_negated;
        return e;
    }
    *ret = (struct condition_node){.test = CONDITION_NEVER};
    if (!json_is_array(value))
        return condition_refuse(c, ret, "a list of conditions belongs here");
    ret->test = strcmp(name, "$and") == 0 ? CONDITION_ALL_OF : CONDITION_ANY_OF;
    ret->is_negated = strcmp(name, "$nor") == 0;
    return condition_compile_items(c, value, true, false, ret);
}

static bool is_logic(const char *name)
{
    return strcmp(name, "$and") == 0 || strcmp(name, "$or") == 0 || strcmp(name, "$nor") == 0 ||
           strcmp(name, "$not") == 0;
}

enum err condition_compile_object(struct condition_compiler *c, const json_t *condition,
                                  struct condition_node *ret)
{
    enum err e = check_depth(c);
    if (e)
        return e;
    if (!json_is_object(condition))
        return condition_refuse(c, ret, "a condition is an object");
    size_t at = 0;
    const char *name;
    json_t *value;
    *ret = (struct condition_node){.test = CONDITION_ALL_OF};
    struct condition_node *children = new_children(c, json_object_size(condition), ret);
    json_object_foreach((json_t *)(uintptr_t)condition, name, value) {
        size_t mark = condition_enter_key(c, name);
        e = condition_count(c, 1);
        if (!e)
            e = (is_logic(name) ? compile_logic : compile_field)(c, name, value, &children[at++]);
        condition_leave(c, mark);
        if (e)
            return e;
    }
    return ERR_OK;
}

const struct condition *condition_compile_among(struct condition_names *names,
                                                const json_t *document, enum condition_mode mode,
                                                struct fault *ret_fault)
{
    struct condition_compiler c = {.arena = names->arena,
                                   .names = names,
                                   .is_strict = mode == CONDITION_STRICT,
                                   .fault = ret_fault};
    if (!json_is_object(document)) {
        fault_set(ret_fault, ERR_INVALID, "", "a condition is an object");
        return NULL;
    }
    struct condition *condition = arena_zalloc(names->arena, sizeof(*condition));
    condition->names = names;
    return condition_compile_object(&c, document, &condition->root) ? NULL : condition;
}

const struct condition *condition_compile(struct arena *a, const json_t *document,
                                          enum condition_mode mode, struct fault *ret_fault)
{
    struct condition_names *names = arena_alloc(a, sizeof(*names));
    condition_names_init(names, a);
    return condition_compile_among(names, document, mode, ret_fault);
}
