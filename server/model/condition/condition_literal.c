// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_literal.h"

#include "model/condition/condition_lower.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Shorter lists are walked through. */
#define SEARCH_FROM 8

struct condition_value condition_literal_keep(struct condition_compiler *c,
                                              const struct condition_value *v)
{
    struct condition_value kept = *v;
    kept.tree = NULL;
    if (v->kind == CONDITION_STRING)
        kept.text = arena_strndup(c->arena, v->text, v->length);
    return kept;
}

struct condition_value condition_literal_lower(struct condition_compiler *c,
                                               const struct condition_value *v)
{
    if (v->kind != CONDITION_STRING)
        return condition_literal_keep(c, v);
    auto_buf struct buf lower = {0};
    condition_lower_add(&lower, v->text, v->length);
    struct condition_value kept = {.kind = CONDITION_STRING, .length = lower.length};
    kept.text = arena_strndup(c->arena, lower.data, lower.length);
    return kept;
}

struct condition_value condition_literal_primitive(struct condition_compiler *c,
                                                   const json_t *value)
{
    struct condition_value v = condition_value_of(value);
    if (v.kind != CONDITION_ARRAY && v.kind != CONDITION_OBJECT)
        return condition_literal_keep(c, &v);
    auto_condition_text struct condition_text text;
    condition_text_of(&v, &text);
    struct condition_value printed = {
        .kind = CONDITION_STRING, .text = text.s, .length = text.length};
    return condition_literal_keep(c, &printed);
}

static enum err read_literal(struct condition_compiler *c, const json_t *value,
                             struct condition_literal *ret);

static enum err read_array(struct condition_compiler *c, const json_t *array,
                           struct condition_literal *ret)
{
    ret->count = json_array_size(array);
    struct condition_literal *items = arena_zalloc(c->arena, (ret->count + 1) * sizeof(*items));
    ret->items = items;
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < ret->count; i++) {
        size_t mark = condition_enter_index(c, i);
        e = read_literal(c, json_array_get(array, i), &items[i]);
        condition_leave(c, mark);
    }
    return e;
}

static enum err read_object(struct condition_compiler *c, const json_t *object,
                            struct condition_literal *ret)
{
    ret->count = json_object_size(object);
    struct condition_literal *items = arena_zalloc(c->arena, (ret->count + 1) * sizeof(*items));
    const char **keys = arena_alloc(c->arena, (ret->count + 1) * sizeof(*keys));
    ret->items = items;
    ret->keys = keys;
    enum err e = ERR_OK;
    size_t i = 0;
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)object, key, member) {
        size_t mark = condition_enter_key(c, key);
        keys[i] = arena_strdup(c->arena, key);
        e = read_literal(c, member, &items[i++]);
        condition_leave(c, mark);
        if (e)
            break;
    }
    return e;
}

static enum err read_literal(struct condition_compiler *c, const json_t *value,
                             struct condition_literal *ret)
{
    struct condition_value v = condition_value_of(value);
    ret->value = condition_literal_keep(c, &v);
    enum err e = condition_count(c, 1);
    if (e)
        return e;
    if (c->depth > CONDITION_DEPTH)
        return fault_set(c->fault, ERR_TOO_LARGE, c->pointer,
                         "a condition is nested at most %d levels deep", CONDITION_DEPTH);
    if (v.kind == CONDITION_ARRAY)
        return read_array(c, value, ret);
    return v.kind == CONDITION_OBJECT ? read_object(c, value, ret) : ERR_OK;
}

enum err condition_literal_read(struct condition_compiler *c, const json_t *value,
                                const struct condition_literal **ret)
{
    struct condition_literal *literal = arena_zalloc(c->arena, sizeof(*literal));
    *ret = literal;
    return read_literal(c, value, literal);
}

/* Keys that JavaScript takes for array indexes are printed first, in order of their numbers. */
static bool is_index(const char *key)
{
    size_t n = strspn(key, "0123456789");
    if (n == 0 || n > 10 || key[n] != '\0' || (key[0] == '0' && n > 1))
        return false;
    return strtoull(key, NULL, 10) < UINT32_MAX;
}

/* Same members, and those that are no indexes in the same order. */
static bool object_equals(const struct condition_literal *literal, const json_t *object)
{
    if (json_object_size(object) != literal->count)
        return false;
    size_t at = 0;
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)object, key, member) {
        if (is_index(key))
            continue;
        while (at < literal->count && is_index(literal->keys[at]))
            at++;
        if (at == literal->count || strcmp(literal->keys[at++], key) != 0)
            return false;
    }
    for (size_t i = 0; i < literal->count; i++) {
        const json_t *found = json_object_get(object, literal->keys[i]);
        struct condition_value v = condition_value_of(found);
        if (!found || !condition_literal_equals(&literal->items[i], &v))
            return false;
    }
    return true;
}

static bool array_equals(const struct condition_literal *literal, const json_t *array)
{
    if (json_array_size(array) != literal->count)
        return false;
    for (size_t i = 0; i < literal->count; i++) {
        struct condition_value v = condition_value_of(json_array_get(array, i));
        if (!condition_literal_equals(&literal->items[i], &v))
            return false;
    }
    return true;
}

bool condition_literal_equals(const struct condition_literal *literal,
                              const struct condition_value *v)
{
    if (literal->value.kind != v->kind)
        return false;
    if (v->kind == CONDITION_ARRAY)
        return array_equals(literal, v->tree);
    if (v->kind == CONDITION_OBJECT)
        return object_equals(literal, v->tree);
    return condition_value_same(&literal->value, v);
}

bool condition_value_same(const struct condition_value *a, const struct condition_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CONDITION_NULL:
        return true;
    case CONDITION_BOOLEAN:
        return a->number == b->number;
    case CONDITION_NUMBER:
        return condition_value_compare(a, b) == 0;
    case CONDITION_STRING:
        return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
    case CONDITION_ARRAY:
    case CONDITION_OBJECT:
        break;
    }
    return false;
}

static int compare_strings(const void *a, const void *b)
{
    const struct condition_value *x = a, *y = b;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return memcmp(x->text, y->text, x->length);
}

enum err condition_literal_list(struct condition_compiler *c, const json_t *array,
                                bool is_insensitive, struct condition_list *ret)
{
    size_t count = json_array_size(array);
    enum err e = condition_count(c, count);
    if (e)
        return e;
    struct condition_value *items = arena_alloc(c->arena, (count + 1) * sizeof(*items));
    size_t strings = 0, others = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(array, i);
        struct condition_value v = condition_value_of(item);
        v = is_insensitive ? condition_literal_lower(c, &v) : condition_literal_keep(c, &v);
        if (v.kind == CONDITION_STRING)
            items[strings++] = v;
        else
            items[--others] = v;
    }
    qsort(items, strings, sizeof(*items), compare_strings);
    *ret = (struct condition_list){.items = items, .string_count = strings, .count = count};
    return ERR_OK;
}

static bool is_among(const struct condition_value *strings, size_t count,
                     const struct condition_value *v)
{
    for (size_t i = 0; i < count; i++)
        if (strings[i].length == v->length && memcmp(strings[i].text, v->text, v->length) == 0)
            return true;
    return false;
}

bool condition_list_has(const struct condition_list *list, const struct condition_value *v)
{
    if (v->kind == CONDITION_STRING && list->string_count > SEARCH_FROM)
        return bsearch(v, list->items, list->string_count, sizeof(*v), compare_strings) != NULL;
    if (v->kind == CONDITION_STRING)
        return is_among(list->items, list->string_count, v);
    for (size_t i = list->string_count; i < list->count; i++)
        if (condition_value_same(&list->items[i], v))
            return true;
    return false;
}

bool condition_list_has_lower(const struct condition_list *list, const struct condition_value *v)
{
    if (v->kind != CONDITION_STRING)
        return condition_list_has(list, v);
    for (size_t i = 0; i < list->string_count; i++)
        if (condition_lower_equals(v->text, v->length, list->items[i].text, list->items[i].length))
            return true;
    return false;
}
