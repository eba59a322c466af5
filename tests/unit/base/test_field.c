// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/field.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static enum err refuse_seven(const json_t *value, struct fault *fault)
{
    if (json_integer_value(value) != 7)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/deep", "must not be seven");
}

static const char *const colours[] = {"red", "green", NULL};
static const struct field inner_fields[] = {
    {.name = "x", .kind = FIELD_INT, .marks = FIELD_REQUIRED},
    {.name = "at", .kind = FIELD_TIME},
    {0},
};
static const struct field item = {.kind = FIELD_OBJECT, .of = inner_fields};
static const struct field entry[] = {{.kind = FIELD_ID}, {.kind = FIELD_KEY}};
static const struct field fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED | FIELD_ONCE},
    {.name = "text", .kind = FIELD_TEXT, .min = 2, .max = 5, .initial = "\"ab\""},
    {.name = "word", .kind = FIELD_WORD, .words = colours},
    {.name = "flag", .kind = FIELD_BOOL, .initial = "false"},
    {.name = "count", .kind = FIELD_INT, .min = -5, .max = 10, .check = refuse_seven},
    {.name = "share", .kind = FIELD_NUMBER, .max = 1},
    {.name = "any", .kind = FIELD_ANY},
    {.name = "inner", .kind = FIELD_OBJECT, .of = inner_fields},
    {.name = "items", .kind = FIELD_LIST, .max = 2, .of = &item, .initial = "[]"},
    {.name = "map", .kind = FIELD_MAP, .max = 2, .of = entry, .initial = "{}"},
    {.name = "version", .kind = FIELD_INT, .marks = FIELD_READ_ONLY},
    {0},
};

static json_t *parse(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    must(value);
    return value;
}

static void canonical_has_all_fields_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } rows[] = {
        {"{\"key\":\"k\"}", "{\"key\":\"k\",\"text\":\"ab\",\"word\":null,\"flag\":false,\"count\":"
                            "null,\"share\":null,"
                            "\"any\":null,\"inner\":null,\"items\":[],\"map\":{}}"},
        {"{\"map\":{\"a b\":\"v\"},\"items\":[{\"x\":1.0}],\"inner\":{\"x\":2,\"at\":"
         "\"2026-01-31T13:00:00+01:00\"},\"any\":[1.0,{\"a\":null}],\"share\":1.0,\"count\":10,"
         "\"flag\":true,\"word\":\"green\",\"text\":null,\"key\":\"k\"}",
         "{\"key\":\"k\",\"text\":\"ab\",\"word\":\"green\",\"flag\":true,\"count\":10,\"share\":1,"
         "\"any\":[1,{\"a\":null}],\"inner\":{\"x\":2,\"at\":\"2026-01-31T12:00:00Z\"},"
         "\"items\":[{\"x\":1,\"at\":null}],\"map\":{\"a b\":\"v\"}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *in = parse(rows[i].in);
        auto_json json_t *out = NULL;
        auto_buf struct buf text = {0};
        struct fault fault;
        assert_int_equal(field_read(fields, in, &out, &fault), ERR_OK);
        field_write(fields, out, &text);
        assert_string_equal(text.data, rows[i].out);
        auto_json json_t *again = NULL;
        assert_int_equal(field_read(fields, out, &again, &fault), ERR_OK);
        assert_true(json_equal(out, again));
    }
}

/* A person counts characters, whatever their bytes. */
static void texts_are_counted_in_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fits; /* from 2 to 5 */
    } rows[] = {
        {"a", false},           {"ab", true},
        {"\u00e4", false},      {"\u00e4\u00f6", true},
        {"\u20ac", false},      {"\u00e4\u00f6\u00fc\u00df\u00e9", true},
        {"abcdef", false},      {"\u00e4\u00f6\u00fc\u00df\u00e9\u00e8", false},
        {"\U0001f600", false},  {"\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600", true},
        {"\u65e5\u672c", true}, {"\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *in = json_pack("{s:s,s:s}", "key", "k", "text", rows[i].text);
        auto_json json_t *out = NULL;
        struct fault fault = {0};
        assert_int_equal(field_read(fields, in, &out, &fault), rows[i].fits ? ERR_OK : ERR_INVALID);
        if (!rows[i].fits)
            assert_string_equal(fault.detail, "must be 2 to 5 characters long");
    }
}

static void wrong_places_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *pointer;
    } rows[] = {
        {"[]", ""},
        {"{}", "/key"},
        {"{\"key\":null}", "/key"},
        {"{\"key\":\"K\"}", "/key"},
        {"{\"key\":\"k\\u0000\"}", "/key"},
        {"{\"key\":\"k\",\"a~b/c\":1}", "/a~0b~1c"},
        {"{\"key\":\"k\",\"version\":1}", "/version"},
        {"{\"key\":\"k\",\"text\":\"a\"}", "/text"},
        {"{\"key\":\"k\",\"text\":\"abcdef\"}", "/text"},
        {"{\"key\":\"k\",\"text\":\"a\\u0001\"}", "/text"},
        {"{\"key\":\"k\",\"word\":\"blue\"}", "/word"},
        {"{\"key\":\"k\",\"flag\":0}", "/flag"},
        {"{\"key\":\"k\",\"count\":11}", "/count"},
        {"{\"key\":\"k\",\"count\":0.5}", "/count"},
        {"{\"key\":\"k\",\"count\":7}", "/count/deep"},
        {"{\"key\":\"k\",\"share\":-0.1}", "/share"},
        {"{\"key\":\"k\",\"any\":{\"a\":[0,1e15]}}", "/any/a/1"},
        {"{\"key\":\"k\",\"inner\":{}}", "/inner/x"},
        {"{\"key\":\"k\",\"inner\":{\"x\":1,\"at\":\"now\"}}", "/inner/at"},
        {"{\"key\":\"k\",\"items\":[{\"x\":1},{\"x\":\"1\"}]}", "/items/1/x"},
        {"{\"key\":\"k\",\"items\":[{\"x\":1},{\"x\":1},{\"x\":1}]}", "/items"},
        {"{\"key\":\"k\",\"map\":{\"\":\"v\"}}", "/map/"},
        {"{\"key\":\"k\",\"map\":{\"a\":\"V\"}}", "/map/a"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *in = json_loads(rows[i].in, JSON_ALLOW_NUL, NULL);
        json_t *out = json_true();
        struct fault fault = {0};
        assert_int_equal(field_read(fields, in, &out, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, rows[i].pointer);
        assert_true(strlen(fault.detail) > 5);
        assert_ptr_equal(out, json_true());
    }
}

static void merges_as_rfc_7396_says(void **state)
{
    (void)state;
    /* Appendix A */
    static const char *const rows[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"a\":\"foo\"}", "null", "null"},
        {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        auto_json json_t *target = parse(rows[i][0]);
        auto_json json_t *before = parse(rows[i][0]);
        auto_json json_t *patch = parse(rows[i][1]);
        auto_json json_t *wanted = parse(rows[i][2]);
        auto_json json_t *merged = field_merge(target, patch);
        assert_true(json_equal(merged, wanted));
        assert_true(json_equal(target, before));
    }
}

static void some_fields_stay_as_made(void **state)
{
    (void)state;
    auto_json json_t *before = parse("{\"key\":\"a\",\"flag\":true,\"version\":3}");
    auto_json json_t *same = parse("{\"key\":\"a\",\"flag\":false}");
    auto_json json_t *other = parse("{\"key\":\"b\",\"flag\":true}");
    auto_json json_t *writable = field_writable(fields, before);
    struct fault fault;
    assert_int_equal(field_check_once(fields, before, same, &fault), ERR_OK);
    assert_int_equal(field_check_once(fields, before, other, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/key");
    assert_null(json_object_get(writable, "version"));
    assert_int_equal(json_object_size(writable), 2);
}

static void describes_what_it_reads(void **state)
{
    (void)state;
    auto_buf struct buf text = {0};
    field_describe(fields, &text);
    auto_json json_t *schema = parse(text.data);
    const char *key;
    int minimum;
    assert_int_equal(json_unpack(schema, "{s:{s:{s:s}}}", "properties", "key", "type", &key), 0);
    assert_string_equal(key, "string");
    assert_int_equal(
        json_unpack(schema, "{s:{s:{s:i}}}", "properties", "count", "minimum", &minimum), 0);
    assert_int_equal(minimum, -5);
    auto_json json_t *words = parse("[\"red\",\"green\",null]");
    const json_t *properties = json_object_get(schema, "properties");
    assert_true(json_equal(json_object_get(json_object_get(properties, "word"), "enum"), words));
    assert_int_equal(json_object_size(properties), sizeof(fields) / sizeof(fields[0]) - 1);
    auto_json json_t *required = parse("[\"key\"]");
    assert_true(json_equal(json_object_get(schema, "required"), required));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_has_all_fields_in_order),
        cmocka_unit_test(texts_are_counted_in_characters),
        cmocka_unit_test(wrong_places_are_named),
        cmocka_unit_test(merges_as_rfc_7396_says),
        cmocka_unit_test(some_fields_stay_as_made),
        cmocka_unit_test(describes_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
