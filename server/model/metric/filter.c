// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/filter.h"

#include "model/condition/condition.h"
#include "model/metric/filter_test.h"

#include "base/json/json.h"

#include <stdint.h>
#include <string.h>

struct filter {
    struct buf *out;
    char pointer[256];
    struct fault *fault;
};

static enum err write_object(struct filter *f, const json_t *condition);

static enum err refuse(struct filter *f, const char *sentence)
{
    return fault_set(f->fault, ERR_INVALID, f->pointer, "%s", sentence);
}

static bool has_nul(const json_t *string)
{
    return strlen(json_string_value(string)) != json_string_length(string);
}

static enum err check_scalar(struct filter *f, const json_t *value)
{
    if (json_is_array(value) || json_is_object(value))
        return refuse(f, "a filter compares text, numbers, booleans and null only");
    if (json_is_string(value) && has_nul(value))
        return refuse(f, "NUL characters are not allowed");
    return ERR_OK;
}

static enum err add_any_of(struct filter *f, const json_t *values, struct filter_test *test)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < json_array_size(values); i++) {
        size_t mark = strlen(f->pointer);
        pointer_push_index(f->pointer, sizeof(f->pointer), i);
        const json_t *value = json_array_get(values, i);
        e = check_scalar(f, value);
        if (!e)
            filter_test_equal(test, value);
        f->pointer[mark] = '\0';
    }
    return e;
}

static enum err write_value(struct filter *f, const struct filter_path *path, const json_t *value);

struct operator_row {
    const char *name;
    enum filter_operator kind;
    bool is_negated;
};

static const struct operator_row *find_operator(const char *name)
{
    static const struct operator_row operators[] = {
        {"$eq", FILTER_EQUAL, false},       {"$exists", FILTER_EXISTS, false},
        {"$gt", FILTER_GREATER, false},     {"$gte", FILTER_GREATER_EQUAL, false},
        {"$in", FILTER_IN, false},          {"$lt", FILTER_LESS, false},
        {"$lte", FILTER_LESS_EQUAL, false}, {"$ne", FILTER_EQUAL, true},
        {"$nin", FILTER_IN, true},          {"$not", FILTER_NOT, true},
    };
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (strcmp(operators[i].name, name) == 0)
            return &operators[i];
    return NULL;
}

static enum err write_operator(struct filter *f, const struct filter_path *path, const char *name,
                               const json_t *operand)
{
    const struct operator_row *row = find_operator(name);
    if (!row)
        return refuse(f, "a filter knows $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $not");
    if (row->is_negated)
        buf_add_char(f->out, '!');
    if (row->kind == FILTER_NOT)
        return write_value(f, path, operand);
    __attribute__((cleanup(filter_test_done))) struct filter_test test;
    filter_test_init(&test, path);
    enum err e = row->kind == FILTER_IN ? add_any_of(f, operand, &test) : check_scalar(f, operand);
    if (e)
        return e;
    if (row->kind == FILTER_EXISTS)
        filter_test_exists(&test, json_is_true(operand));
    else if (row->kind == FILTER_EQUAL)
        filter_test_equal(&test, operand);
    else if (row->kind != FILTER_IN)
        filter_test_compare(&test, row->kind, operand);
    filter_test_write(&test, f->out);
    return ERR_OK;
}

static enum err write_operators(struct filter *f, const struct filter_path *path,
                                const json_t *object)
{
    enum err e = ERR_OK;
    const char *name, *glue = "(";
    json_t *operand;
    json_object_foreach((json_t *)(uintptr_t)object, name, operand) {
        size_t mark = strlen(f->pointer);
        pointer_push(f->pointer, sizeof(f->pointer), name);
        buf_add_str(f->out, glue);
        e = write_operator(f, path, name, operand);
        glue = " && ";
        f->pointer[mark] = '\0';
        if (e)
            return e;
    }
    buf_add_char(f->out, ')');
    return ERR_OK;
}

/* Always inside parentheses of its own: a '!' may stand before it. */
static enum err write_value(struct filter *f, const struct filter_path *path, const json_t *value)
{
    if (json_is_object(value) && json_object_size(value) > 0 &&
        json_object_iter_key(json_object_iter((json_t *)(uintptr_t)value))[0] == '$')
        return write_operators(f, path, value);
    enum err e = check_scalar(f, value);
    if (e)
        return e;
    __attribute__((cleanup(filter_test_done))) struct filter_test test;
    filter_test_init(&test, path);
    filter_test_plain(&test, value);
    filter_test_write(&test, f->out);
    return ERR_OK;
}

static enum err write_list(struct filter *f, const json_t *conditions, const char *glue)
{
    buf_add_char(f->out, '(');
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < json_array_size(conditions); i++) {
        size_t mark = strlen(f->pointer);
        pointer_push_index(f->pointer, sizeof(f->pointer), i);
        if (i > 0)
            buf_add_str(f->out, glue);
        e = write_object(f, json_array_get(conditions, i));
        f->pointer[mark] = '\0';
    }
    if (json_array_size(conditions) == 0)
        buf_add_str(f->out, FILTER_ALWAYS);
    buf_add_char(f->out, ')');
    return e;
}

static enum err write_field(struct filter *f, const char *name, const json_t *value)
{
    if (strcmp(name, "$and") == 0)
        return write_list(f, value, " && ");
    if (strcmp(name, "$or") == 0)
        return write_list(f, value, " || ");
    if (strcmp(name, "$nor") == 0) {
        buf_add_char(f->out, '!');
        return write_list(f, value, " || ");
    }
    if (strcmp(name, "$not") == 0) {
        buf_add_char(f->out, '!');
        return write_object(f, value);
    }
    __attribute__((cleanup(filter_path_done))) struct filter_path path;
    if (!filter_path_init(&path, name))
        return refuse(f, "a filter cannot step into an array");
    return write_value(f, &path, value);
}

static enum err write_object(struct filter *f, const json_t *condition)
{
    enum err e = ERR_OK;
    const char *name, *glue = "(";
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)condition, name, value) {
        size_t mark = strlen(f->pointer);
        pointer_push(f->pointer, sizeof(f->pointer), name);
        buf_add_str(f->out, glue);
        e = write_field(f, name, value);
        glue = " && ";
        f->pointer[mark] = '\0';
        if (e)
            return e;
    }
    buf_add_str(f->out, json_object_size(condition) > 0 ? ")" : "(" FILTER_ALWAYS ")");
    return ERR_OK;
}

enum err filter_to_jsonpath(const json_t *condition, struct buf *ret, struct fault *ret_fault)
{
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    if (!condition_compile(arena, condition, CONDITION_STRICT, &fault)) {
        if (ret_fault)
            *ret_fault = fault;
        return fault.code;
    }
    auto_buf struct buf written = {0};
    struct filter f = {.out = &written, .fault = ret_fault};
    enum err e = write_object(&f, condition);
    if (!e)
        buf_add(ret, written.data, written.length);
    return e;
}
