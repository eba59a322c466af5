// SPDX-License-Identifier: GPL-3.0-or-later
/* A struct by table: written, described and declared alike. */
#include "base/json/json.h"
#include "base/json/shape.h"
#include "results/say/results_shape.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct inner {
    const char *key;
    double value;
};

struct outer {
    int unused;
    bool is_chosen;
    const char *name, *reason, *digits, *document;
    unsigned word, bits;
    int small;
    int64_t large;
    uint64_t units;
    double plain;
    struct shape_number known, unknown;
    struct shape_interval both, open, none;
    struct inner inside;
    const struct inner *maybe, *part;
    const struct inner *list;
    size_t list_count;
    const char *const *texts;
    size_t text_count;
    const uint64_t *counts;
    size_t rows, columns;
    char chars[8];
};

static const char *bit_word(unsigned bit)
{
    return bit == 1 ? "first" : bit == 4 ? "third" : NULL;
}

static const char *const colours[] = {"red", "green", NULL};
static const char *const fixed[] = {"always", NULL};

#define AT(member_) .offset = offsetof(struct outer, member_)
static const struct shape_row inner_rows[] = {
    {.name = "key", .kind = SHAPE_TEXT, .offset = offsetof(struct inner, key), .meaning = "a key"},
    {.name = "value", .kind = SHAPE_DOUBLE, .offset = offsetof(struct inner, value)},
    {0},
};
static const struct shape inner_shape = {"some_inner", sizeof(struct inner), inner_rows};

static const struct shape_row outer_rows[] = {
    {.name = "method", .kind = SHAPE_FIXED, .words = fixed},
    {.name = "name", .kind = SHAPE_TEXT, AT(name), .marks = SHAPE_NULLABLE},
    {.name = "reason", .kind = SHAPE_TEXT, AT(reason), .marks = SHAPE_OPTIONAL},
    {.name = "digits", .kind = SHAPE_DIGITS, AT(digits)},
    {.name = "document", .kind = SHAPE_JSON, AT(document)},
    {.name = "word", .kind = SHAPE_WORD, AT(word), .words = colours},
    {.name = "bits", .kind = SHAPE_BITS, AT(bits), .word = bit_word},
    {.name = "choice", .kind = SHAPE_CHOICE, AT(is_chosen), .words = colours},
    {.name = "small", .kind = SHAPE_INT, AT(small)},
    {.name = "large", .kind = SHAPE_LONG, AT(large)},
    {.name = "units", .kind = SHAPE_COUNT, AT(units)},
    {.name = "plain", .kind = SHAPE_DOUBLE, AT(plain), .marks = SHAPE_NULLABLE},
    {.name = "known", .kind = SHAPE_NUMBER, AT(known)},
    {.name = "unknown", .kind = SHAPE_NUMBER, AT(unknown)},
    {.name = "both", .kind = SHAPE_INTERVAL, AT(both)},
    {.name = "open", .kind = SHAPE_INTERVAL, AT(open)},
    {.name = "none", .kind = SHAPE_INTERVAL, AT(none)},
    {.name = "inside", .kind = SHAPE_OBJECT, AT(inside), .of = &inner_shape},
    {.name = "maybe",
     .kind = SHAPE_OBJECT,
     AT(maybe),
     .of = &inner_shape,
     .marks = SHAPE_AT | SHAPE_OPTIONAL},
    {.name = "",
     .kind = SHAPE_MEMBERS,
     AT(part),
     .of = &inner_shape,
     .marks = SHAPE_AT | SHAPE_OPTIONAL},
    {.name = "late", .kind = SHAPE_INT, AT(small), .has = offsetof(struct outer, is_chosen)},
    {.name = "list",
     .kind = SHAPE_LIST,
     AT(list),
     .of = &inner_shape,
     .count = offsetof(struct outer, list_count)},
    {.name = "map",
     .kind = SHAPE_MAP,
     AT(list),
     .of = &inner_shape,
     .count = offsetof(struct outer, list_count)},
    {.name = "texts", .kind = SHAPE_TEXTS, AT(texts), .count = offsetof(struct outer, text_count)},
    {.name = "counts",
     .kind = SHAPE_COUNTS,
     AT(counts),
     .count = offsetof(struct outer, rows),
     .columns = offsetof(struct outer, columns)},
    {.name = "chars", .kind = SHAPE_CHARS, AT(chars)},
    {0},
};
static const struct shape outer_shape = {"some_outer", sizeof(struct outer), outer_rows};

static const struct inner items[] = {{"a", 1}, {"b", 2.5}};
static const uint64_t counts[] = {1, 2, 3, 4, 5, 6};

static struct outer sample(void)
{
    return (struct outer){
        .is_chosen = true, /* what 'late' asks for too */
        .digits = "-12345678901234567890123",
        .document = "{\"x\":1}",
        .word = 1,
        .bits = 5,
        .small = -3,
        .large = 1,
        .units = 7,
        .plain = INFINITY,
        .known = {0.5, true},
        .both = {-1, 2, true},
        .open = {-INFINITY, 2, true},
        .inside = {"in", 3},
        .list = items,
        .list_count = 2,
        .texts = colours,
        .text_count = 2,
        .counts = counts,
        .rows = 2,
        .columns = 3,
        .chars = "<b>",
    };
}

static void assert_written(const struct outer *value, const char *expected)
{
    auto_buf struct buf out = {0};
    shape_write(&outer_shape, value, &out);
    assert_string_equal(out.data, expected);
}

static void members_are_written_by_their_rows(void **state)
{
    struct outer value = sample();
    (void)state;
    assert_written(
        &value,
        "{\"method\":\"always\",\"name\":null,\"digits\":\"-12345678901234567890123\","
        "\"document\":{\"x\":1},\"word\":\"green\",\"bits\":[\"first\",\"third\"],"
        "\"choice\":\"green\",\"small\":-3,\"large\":1,\"units\":7,\"plain\":null,\"known\":0.5,"
        "\"unknown\":null,\"both\":[-1,2],\"open\":[null,2],\"none\":null,"
        "\"inside\":{\"key\":\"in\",\"value\":3},\"late\":-3,"
        "\"list\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2.5}],"
        "\"map\":{\"a\":1,\"b\":2.5},\"texts\":[\"red\",\"green\"],\"counts\":[[1,2,3],[4,5,6]],"
        "\"chars\":\"\\u003cb>\"}");
}

static void what_is_not_there_is_left_out(void **state)
{
    struct outer value = sample();
    auto_buf struct buf out = {0};
    (void)state;
    value.is_chosen = false;
    value.reason = "why";
    value.maybe = &items[0];
    value.part = &items[1];
    shape_write(&outer_shape, &value, &out);
    assert_null(strstr(out.data, "\"late\""));
    assert_non_null(strstr(out.data, "\"reason\":\"why\""));
    assert_non_null(strstr(out.data, "\"maybe\":{\"key\":\"a\",\"value\":1},\"key\":\"b\","
                                     "\"value\":2.5,\"list\""));
}

static void a_schema_says_what_may_be_missing_or_null(void **state)
{
    auto_buf struct buf out = {0};
    json_error_t error;
    (void)state;
    buf_add_char(&out, '{');
    shape_describe(&outer_shape, "#/s/", &out);
    buf_add_char(&out, '}');
    auto_json json_t *all = json_loadb(out.data, out.length, 0, &error);
    assert_non_null(all);
    assert_int_equal(json_object_size(all), 2);
    const json_t *schema = json_object_get(all, "some_outer");
    const json_t *members = json_object_get(schema, "properties");
    assert_int_equal(json_array_size(json_object_get(schema, "required")), 22);
    assert_int_equal(json_object_size(members), 27);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(members, "inside"), "$ref")),
        "#/s/some_inner");
    assert_int_equal(json_array_size(json_object_get(json_object_get(members, "known"), "type")),
                     2);
}

static void an_interface_says_the_same(void **state)
{
    auto_buf struct buf out = {0};
    (void)state;
    shape_declare(&outer_shape, &out);
    assert_non_null(strstr(out.data, "\nexport interface SomeInner {\n    /** a key */\n"
                                     "    key: string;\n    value: number;\n}\n"));
    assert_non_null(strstr(out.data, "    name: string | null;\n    reason?: string;\n"));
    assert_non_null(strstr(out.data, "    word: 'red' | 'green';\n    bits: string[];\n"));
    assert_non_null(strstr(out.data, "    both: [number | null, number | null] | null;\n"));
    assert_non_null(strstr(out.data, "    maybe?: SomeInner;\n    /** a key */\n    key?: string;\n"
                                     "    value?: number;\n    late?: number;\n"
                                     "    list: SomeInner[];\n    map: Record<string, number>;\n"));
    assert_non_null(strstr(out.data, "    counts: number[][];\n"));
}

static void check_meanings(void *arg, const struct shape *shape)
{
    size_t *count = arg;
    for (const struct shape_row *row = shape->rows; row->name; row++) {
        if (row->kind != SHAPE_MEMBERS && (!row->meaning || strchr(row->meaning, '\n')))
            fail_msg("%s.%s has no meaning in one line", shape->name, row->name);
        *count += 1;
    }
}

static void every_member_of_results_has_a_meaning(void **state)
{
    size_t count = 0;
    (void)state;
    shape_visit(&results_shape, check_meanings, &count);
    assert_true(count > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_written_by_their_rows),
        cmocka_unit_test(what_is_not_there_is_left_out),
        cmocka_unit_test(a_schema_says_what_may_be_missing_or_null),
        cmocka_unit_test(an_interface_says_the_same),
        cmocka_unit_test(every_member_of_results_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
