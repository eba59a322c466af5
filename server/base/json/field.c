// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/field.h"

#include "base/clock.h"
#include "base/mem.h"

#include <math.h>
#include <string.h>

static json_t *read_value(const struct field *f, const json_t *in, struct fault *fault);

static bool has_limits(const struct field *f)
{
    return f->min != 0 || f->max != 0;
}

static json_t *refuse(struct fault *fault, const char *detail)
{
    fault_set(fault, ERR_INVALID, "", "%s", detail);
    return NULL;
}

static json_t *refuse_kind(struct fault *fault, const char *wanted, const json_t *in)
{
    fault_set(fault, ERR_INVALID, "", "must be %s, not %s", wanted, json_kind_name(in));
    return NULL;
}

static json_t *copy(const json_t *value)
{
    json_t *same = json_deep_copy(value);
    must(same);
    return same;
}

/* Numbers as they come back from the store: a whole one is an integer whatever it was written
 * like. Reals of 1e15 and more would come back as integers of any length: refused. */
static json_t *read_any(const json_t *in, struct fault *fault);

static json_t *read_any_number(const json_t *in, struct fault *fault)
{
    if (json_is_integer(in))
        return copy(in);
    double value = json_real_value(in);
    if (!(fabs(value) < 1e15))
        return refuse(fault, "is too large a number");
    return value == floor(value) ? json_integer((json_int_t)value) : copy(in);
}

static json_t *read_any_array(const json_t *in, struct fault *fault)
{
    auto_json json_t *out = json_array();
    for (size_t i = 0; i < json_array_size(in); i++) {
        json_t *item = read_any(json_array_get(in, i), fault);
        if (!item) {
            fault_prefix_index(fault, i);
            return NULL;
        }
        must(json_array_append_new(out, item) == 0);
    }
    return json_incref(out);
}

static json_t *read_any_object(const json_t *in, struct fault *fault)
{
    auto_json json_t *out = json_object();
    auto_json json_t *from = json_incref((json_t *)(uintptr_t)in);
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value) {
        json_t *item = read_any(value, fault);
        if (!item) {
            fault_prefix_key(fault, key);
            return NULL;
        }
        must(json_object_set_new(out, key, item) == 0);
    }
    return json_incref(out);
}

static json_t *read_any(const json_t *in, struct fault *fault)
{
    if (json_is_array(in))
        return read_any_array(in, fault);
    if (json_is_object(in))
        return read_any_object(in, fault);
    return json_is_number(in) ? read_any_number(in, fault) : copy(in);
}

static bool has_control(const char *s, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

static json_t *read_text(const struct field *f, const json_t *in, struct fault *fault)
{
    size_t length = json_string_length(in);
    double characters = (double)text_characters(json_string_value(in), length);
    if (has_limits(f) && (characters < f->min || characters > f->max)) {
        fault_set(fault, ERR_INVALID, "", "must be %.0f to %.0f characters long", f->min, f->max);
        return NULL;
    }
    if (has_control(json_string_value(in), length))
        return refuse(fault, "must not hold control characters");
    return copy(in);
}

static json_t *read_word(const struct field *f, const json_t *in, struct fault *fault)
{
    char all[256] = "";
    for (const char *const *w = f->words; *w; w++) {
        if (strcmp(*w, json_string_value(in)) == 0)
            return copy(in);
        size_t used = strlen(all);
        snprintf(all + used, sizeof(all) - used, "%s%s", used ? ", " : "", *w);
    }
    fault_set(fault, ERR_INVALID, "", "must be one of %s", all);
    return NULL;
}

static json_t *read_time(const json_t *in, struct fault *fault)
{
    int64_t at;
    if (!clock_parse(json_string_value(in), json_string_length(in), &at))
        return refuse(fault, "must be a time as 2026-01-31T12:00:00Z (RFC 3339)");
    char text[CLOCK_TEXT_SIZE];
    clock_format(at, text);
    return json_string(text);
}

static json_t *read_string(const struct field *f, const json_t *in, struct fault *fault)
{
    if (!json_is_string(in))
        return refuse_kind(fault, "a string", in);
    const char *s = json_string_value(in);
    size_t length = json_string_length(in);
    if (f->kind == FIELD_KEY && (strlen(s) != length || !text_is_key(s)))
        return refuse(fault, "must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or "
                             "digit");
    if (f->kind == FIELD_ID && !text_is_id(s, length))
        return refuse(fault, "must be 1 to 256 bytes of UTF-8 without control characters");
    if (f->kind == FIELD_WORD)
        return read_word(f, in, fault);
    if (f->kind == FIELD_TIME)
        return read_time(in, fault);
    return f->kind == FIELD_TEXT ? read_text(f, in, fault) : copy(in);
}

static json_t *read_number(const struct field *f, const json_t *in, struct fault *fault)
{
    bool is_whole = f->kind == FIELD_INT;
    if (!json_is_number(in))
        return refuse_kind(fault, is_whole ? "a whole number" : "a number", in);
    double value = json_number_value(in);
    if (is_whole && (value != floor(value) || fabs(value) > 9e15))
        return refuse(fault, "must be a whole number");
    if (has_limits(f) && !(value >= f->min && value <= f->max)) {
        fault_set(fault, ERR_INVALID, "", "must be between %.15g and %.15g", f->min, f->max);
        return NULL;
    }
    return is_whole ? json_integer((json_int_t)value) : read_any_number(in, fault);
}

static bool is_count_wrong(const struct field *f, size_t count, struct fault *fault)
{
    if (!has_limits(f) || ((double)count >= f->min && (double)count <= f->max))
        return false;
    fault_set(fault, ERR_INVALID, "", "must have %.0f to %.0f entries, not %zu", f->min, f->max,
              count);
    return true;
}

static json_t *read_list(const struct field *f, const json_t *in, struct fault *fault)
{
    if (!json_is_array(in))
        return refuse_kind(fault, "an array", in);
    if (is_count_wrong(f, json_array_size(in), fault))
        return NULL;
    auto_json json_t *out = json_array();
    for (size_t i = 0; i < json_array_size(in); i++) {
        json_t *item = read_value(f->of, json_array_get(in, i), fault);
        if (!item) {
            fault_prefix_index(fault, i);
            return NULL;
        }
        must(json_array_append_new(out, item) == 0);
    }
    return json_incref(out);
}

static json_t *read_map_entry(const struct field *of, const char *key, const json_t *in,
                              struct fault *fault)
{
    auto_json json_t *name = json_string(key);
    auto_json json_t *read_name = read_value(&of[0], name, fault);
    return read_name ? read_value(&of[1], in, fault) : NULL;
}

static json_t *read_map(const struct field *f, const json_t *in, struct fault *fault)
{
    if (!json_is_object(in))
        return refuse_kind(fault, "an object", in);
    if (is_count_wrong(f, json_object_size(in), fault))
        return NULL;
    auto_json json_t *out = json_object();
    auto_json json_t *from = copy(in);
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value) {
        json_t *item = read_map_entry(f->of, key, value, fault);
        if (!item) {
            fault_prefix_key(fault, key);
            return NULL;
        }
        must(json_object_set_new(out, key, item) == 0);
    }
    return json_incref(out);
}

static json_t *read_object(const struct field *f, const json_t *in, struct fault *fault)
{
    json_t *out = NULL;
    return field_read(f->of, in, &out, fault) ? NULL : out;
}

static json_t *read_kind(const struct field *f, const json_t *in, struct fault *fault)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_KEY:
    case FIELD_ID:
    case FIELD_WORD:
    case FIELD_TIME:
        return read_string(f, in, fault);
    case FIELD_BOOL:
        return json_is_boolean(in) ? copy(in) : refuse_kind(fault, "true or false", in);
    case FIELD_INT:
    case FIELD_NUMBER:
        return read_number(f, in, fault);
    case FIELD_ANY:
        return json_is_null(in) ? refuse(fault, "must not be null") : read_any(in, fault);
    case FIELD_OBJECT:
        return read_object(f, in, fault);
    case FIELD_LIST:
        return read_list(f, in, fault);
    case FIELD_MAP:
        return read_map(f, in, fault);
    }
    return refuse(fault, "is of no known kind");
}

/* A new reference, or NULL with the fault's pointer beginning at the value. */
static json_t *read_value(const struct field *f, const json_t *in, struct fault *fault)
{
    json_t *out = read_kind(f, in, fault);
    if (!out || !f->check || f->check(out, fault) == ERR_OK)
        return out;
    json_decref(out);
    return NULL;
}

static const struct field *find(const struct field *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

static enum err check_names(const struct field *table, const json_t *in, struct fault *fault)
{
    char pointer[sizeof(fault->pointer)] = "";
    json_t *from = json_incref((json_t *)(uintptr_t)in);
    const char *wrong = NULL;
    const struct field *f = NULL;
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value) {
        f = find(table, key);
        if (!f || f->marks & FIELD_READ_ONLY) {
            wrong = key;
            break;
        }
    }
    json_decref(from);
    if (!wrong)
        return ERR_OK;
    pointer_push(pointer, sizeof(pointer), wrong);
    return fault_set(fault, ERR_INVALID, pointer,
                     f ? "cannot be set: it is read-only" : "is not a field here");
}

static json_t *initial_value(const struct field *f)
{
    json_t *value = f->initial ? json_loads(f->initial, JSON_DECODE_ANY, NULL) : json_null();
    must(value);
    return value;
}

static json_t *read_member(const struct field *f, const json_t *in, struct fault *fault)
{
    const json_t *value = json_object_get(in, f->name);
    bool is_absent = !value || json_is_null(value);
    if (is_absent && !(f->marks & FIELD_REQUIRED))
        return initial_value(f);
    json_t *out = is_absent ? refuse(fault, "is required") : read_value(f, value, fault);
    if (!out)
        fault_prefix_key(fault, f->name);
    return out;
}

enum err field_read(const struct field *table, const json_t *in, json_t **ret_value,
                    struct fault *ret_fault)
{
    if (!json_is_object(in))
        return fault_set(ret_fault, ERR_INVALID, "", "must be an object, not %s",
                         json_kind_name(in));
    enum err e = check_names(table, in, ret_fault);
    if (e)
        return e;
    auto_json json_t *out = json_object();
    for (const struct field *f = table; f->name; f++) {
        if (f->marks & FIELD_READ_ONLY)
            continue;
        json_t *value = read_member(f, in, ret_fault);
        if (!value)
            return ERR_INVALID;
        must(json_object_set_new(out, f->name, value) == 0);
    }
    *ret_value = json_incref(out);
    return ERR_OK;
}

enum err field_check_once(const struct field *table, const json_t *before, const json_t *after,
                          struct fault *ret_fault)
{
    for (const struct field *f = table; f->name; f++) {
        if (!(f->marks & FIELD_ONCE) ||
            json_equal(json_object_get(before, f->name), json_object_get(after, f->name)))
            continue;
        char pointer[sizeof(ret_fault->pointer)] = "";
        pointer_push(pointer, sizeof(pointer), f->name);
        return fault_set(ret_fault, ERR_INVALID, pointer, "cannot be changed after creation");
    }
    return ERR_OK;
}

json_t *field_writable(const struct field *table, const json_t *view)
{
    json_t *out = json_object();
    for (const struct field *f = table; f->name; f++) {
        json_t *value = json_object_get(view, f->name);
        if (value && !(f->marks & FIELD_READ_ONLY))
            must(json_object_set(out, f->name, value) == 0);
    }
    return out;
}

static json_t *merge_into(const json_t *target, const json_t *patch)
{
    json_t *out = json_is_object(target) ? copy(target) : json_object();
    json_t *from = json_incref((json_t *)(uintptr_t)patch);
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value) {
        if (json_is_null(value))
            json_object_del(out, key);
        else
            must(json_object_set_new(out, key, field_merge(json_object_get(out, key), value)) == 0);
    }
    json_decref(from);
    return out;
}

json_t *field_merge(const json_t *target, const json_t *patch)
{
    return json_is_object(patch) ? merge_into(target, patch) : copy(patch);
}
