// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/field.h"

static void write_value(const struct field *f, const json_t *value, struct buf *out)
{
    if (f->kind == FIELD_OBJECT && json_is_object(value)) {
        field_write(f->of, value, out);
    } else if (f->kind == FIELD_LIST && json_is_array(value)) {
        buf_add_char(out, '[');
        for (size_t i = 0; i < json_array_size(value); i++) {
            json_add_comma(out);
            write_value(f->of, json_array_get(value, i), out);
        }
        buf_add_char(out, ']');
    } else {
        json_add_value(out, value);
    }
}

void field_write(const struct field *table, const json_t *value, struct buf *out)
{
    buf_add_char(out, '{');
    for (const struct field *f = table; f->name; f++) {
        const json_t *member = json_object_get(value, f->name);
        if (!member)
            continue;
        json_add_name(out, f->name);
        write_value(f, member, out);
    }
    buf_add_char(out, '}');
}

static const char *schema_type(enum field_kind kind)
{
    switch (kind) {
    case FIELD_TEXT:
    case FIELD_KEY:
    case FIELD_ID:
    case FIELD_WORD:
    case FIELD_TIME:
        return "string";
    case FIELD_BOOL:
        return "boolean";
    case FIELD_INT:
        return "integer";
    case FIELD_NUMBER:
        return "number";
    case FIELD_OBJECT:
    case FIELD_MAP:
        return "object";
    case FIELD_LIST:
        return "array";
    case FIELD_ANY:
        break;
    }
    return NULL;
}

static void describe_limits(const struct field *f, const char *min, const char *max,
                            struct buf *out)
{
    if (f->min == 0 && f->max == 0)
        return;
    json_add_key(out, min);
    json_add_number(out, f->min);
    json_add_key(out, max);
    json_add_number(out, f->max);
}

/* An optional field takes null as well, and shows it where nothing was said. */
static bool is_nullable(const struct field *f)
{
    return f->name && !(f->marks & FIELD_REQUIRED) && !f->initial;
}

static void describe_words(const struct field *f, struct buf *out)
{
    json_add_key(out, "enum");
    buf_add_char(out, '[');
    for (const char *const *w = f->words; *w; w++) {
        json_add_comma(out);
        json_add_string(out, *w);
    }
    if (is_nullable(f))
        buf_add_str(out, ",null");
    buf_add_char(out, ']');
}

static void describe_key(struct buf *out)
{
    json_add_key(out, "pattern");
    json_add_string(out, "^[a-z0-9][a-z0-9_-]{0,63}$");
}

static void describe_members(const struct field *table, struct buf *out);

static void describe_kind(const struct field *f, struct buf *out)
{
    switch (f->kind) {
    case FIELD_TEXT:
        describe_limits(f, "minLength", "maxLength", out);
        break;
    case FIELD_KEY:
        describe_key(out);
        break;
    case FIELD_ID:
        json_add_key(out, "maxLength");
        json_add_int(out, 256);
        break;
    case FIELD_WORD:
        describe_words(f, out);
        break;
    case FIELD_TIME:
        json_add_key(out, "format");
        json_add_string(out, "date-time");
        break;
    case FIELD_INT:
    case FIELD_NUMBER:
        describe_limits(f, "minimum", "maximum", out);
        break;
    case FIELD_OBJECT:
        describe_members(f->of, out);
        break;
    case FIELD_LIST:
        describe_limits(f, "minItems", "maxItems", out);
        json_add_key(out, "items");
        field_describe_row(f->of, out);
        break;
    case FIELD_MAP:
        describe_limits(f, "minProperties", "maxProperties", out);
        json_add_key(out, "propertyNames");
        field_describe_row(&f->of[0], out);
        json_add_key(out, "additionalProperties");
        field_describe_row(&f->of[1], out);
        break;
    case FIELD_BOOL:
    case FIELD_ANY:
        break;
    }
}

static void describe_type(const struct field *f, struct buf *out)
{
    const char *type = schema_type(f->kind);
    if (!type)
        return;
    json_add_key(out, "type");
    if (is_nullable(f))
        buf_printf(out, "[\"%s\",\"null\"]", type);
    else
        json_add_string(out, type);
}

void field_describe_row(const struct field *f, struct buf *out)
{
    buf_add_char(out, '{');
    describe_type(f, out);
    if (f->meaning) {
        json_add_key(out, "description");
        json_add_string(out, f->meaning);
    }
    if (f->initial) {
        json_add_key(out, "default");
        buf_add_str(out, f->initial);
    }
    if (f->marks & FIELD_READ_ONLY) {
        json_add_key(out, "readOnly");
        buf_add_str(out, "true");
    }
    describe_kind(f, out);
    buf_add_char(out, '}');
}

static void describe_required(const struct field *table, struct buf *out)
{
    json_add_key(out, "required");
    buf_add_char(out, '[');
    for (const struct field *f = table; f->name; f++)
        if (f->marks & FIELD_REQUIRED) {
            json_add_comma(out);
            json_add_string(out, f->name);
        }
    buf_add_char(out, ']');
}

static void describe_members(const struct field *table, struct buf *out)
{
    describe_required(table, out);
    json_add_key(out, "additionalProperties");
    buf_add_str(out, "false");
    json_add_key(out, "properties");
    buf_add_char(out, '{');
    for (const struct field *f = table; f->name; f++) {
        json_add_key(out, f->name);
        field_describe_row(f, out);
    }
    buf_add_char(out, '}');
}

void field_describe(const struct field *table, struct buf *out)
{
    buf_add_str(out, "{\"type\":\"object\"");
    describe_members(table, out);
    buf_add_char(out, '}');
}
