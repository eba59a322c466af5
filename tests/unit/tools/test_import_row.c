// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json/json.h"
#include "base/text.h"
#include "tools/import/import_row.h"

#include <string.h>

struct text_source {
    const char *text;
    size_t at;
};

static long read_text(void *arg, char *buffer, size_t size, struct fault *ret_fault)
{
    struct text_source *s = arg;
    (void)ret_fault;
    size_t n = strlen(s->text + s->at);
    n = n < size ? n : size;
    memcpy(buffer, s->text + s->at, n);
    s->at += n;
    return (long)n;
}

/* The events of one row, without their ids, one a line; and the ids alone. */
struct made {
    struct buf events, ids;
};

static void keep_event(void *arg, const char *json, size_t length)
{
    struct made *made = arg;
    auto_json json_t *event = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(event);
    buf_printf(&made->ids, "%s\n", json_string_value(json_object_get(event, "event_id")));
    json_object_del(event, "event_id");
    json_add_value(&made->events, event);
    buf_add_char(&made->events, '\n');
}

/* 'csv' is a header and one record. */
static uint64_t row_number = 5;

static enum err make(const char *mapping_text, const char *csv_text, struct made *made,
                     struct fault *fault)
{
    struct text_source source = {.text = csv_text};
    struct buf text = {0};
    buf_add_str(&text, mapping_text);
    struct mapping *m = mapping_read(text.data, text.length, fault);
    buf_done(&text);
    assert_non_null(m);
    struct csv *csv = csv_new(read_text, &source, ',');
    assert_int_equal(csv_next(csv, fault), CSV_RECORD);
    const char *names[16];
    for (size_t i = 0; i < csv_count(csv); i++)
        names[i] = csv_field(csv, i);
    enum err e = mapping_bind(m, names, csv_count(csv), fault);
    struct import_source from = {.mapping = m, .currency = "USD", .phase = 1};
    memset(from.digest, 7, sizeof(from.digest));
    buf_clear(&made->events);
    buf_clear(&made->ids);
    buf_add_str(&made->events, "");
    buf_add_str(&made->ids, "");
    if (!e) {
        assert_int_equal(csv_next(csv, fault), CSV_RECORD);
        e = import_row(&from, csv, row_number, keep_event, made, fault);
    }
    csv_free(csv);
    mapping_free(m);
    return e;
}

static void made_done(struct made *made)
{
    buf_done(&made->events);
    buf_done(&made->ids);
}

#define HEAD                                                                                       \
    "{\"campaign\":{\"key\":\"c\",\"control\":\"A\"},\"visitor\":{\"column\":\"id\"},"             \
    "\"variant\":{\"column\":\"arm\"},\"time\":{\"column\":\"at\"},"
#define EXPOSED(ts)                                                                                \
    "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"ts\":\"" ts                                     \
    "\",\"properties\":{\"campaign\":\"c\",\"variant\":\"a\",\"phase\":1}}\n"
#define DONE(name, properties)                                                                     \
    "{\"visitor_id\":\"v\",\"name\":\"" name                                                       \
    "\",\"ts\":\"2020-01-02T00:00:00Z\",\"properties\":" properties "}\n"
#define DAY EXPOSED("2020-01-02T00:00:00Z")

static const struct {
    const char *mapping, *csv, *events;
} cases[] = {
    {HEAD "\"events\":[]}", "id,arm,at\nv,A,2020-01-02\n", DAY},
    {HEAD "\"events\":[]}", "id,arm,at\nv,A,2020-01-02 03:04:05\n",
     EXPOSED("2020-01-02T03:04:05Z")},
    {HEAD "\"events\":[]}", "id,arm,at\nv,A,2020-01-02T03:04:05+01:00\n",
     EXPOSED("2020-01-02T02:04:05Z")},
    {HEAD "\"events\":[{\"name\":\"visit\"}]}", "id,arm,at\nv,A,2020-01-02\n",
     DAY DONE("visit", "{}")},
    {HEAD "\"events\":[{\"name\":\"visit\",\"when\":{\"column\":\"n\",\"equals\":\"1\"}}]}",
     "id,arm,at,n\nv,A,2020-01-02,0\n", DAY},
    {HEAD "\"events\":[{\"name\":\"visit\",\"when\":{\"column\":\"n\",\"equals\":\"1\"}}]}",
     "id,arm,at,n\nv,A,2020-01-02,1\n", DAY DONE("visit", "{}")},
    {HEAD "\"events\":[{\"name\":\"visit\",\"when\":{\"column\":\"n\",\"above\":2.5}}]}",
     "id,arm,at,n\nv,A,2020-01-02,2.5\n", DAY},
    {HEAD "\"events\":[{\"name\":\"visit\",\"when\":{\"column\":\"n\",\"above\":2.5}}]}",
     "id,arm,at,n\nv,A,2020-01-02,2.51\n", DAY DONE("visit", "{}")},
    {HEAD "\"events\":[{\"name\":\"visit\",\"when\":{\"column\":\"n\",\"present\":true}}]}",
     "id,arm,at,n\nv,A,2020-01-02,\n", DAY},
    {HEAD "\"events\":[{\"name\":\"purchase\",\"value\":{\"column\":\"n\"},"
          "\"transaction_id\":{\"column\":\"t\"}}]}",
     "id,arm,at,n,t\nv,A,2020-01-02,029.990,T1\n",
     DAY DONE("purchase", "{\"value\":29.99,\"currency\":\"USD\",\"transaction_id\":\"T1\"}")},
    {HEAD "\"events\":[{\"name\":\"play\",\"count\":{\"column\":\"n\"}}]}",
     "id,arm,at,n\nv,A,2020-01-02,3\n",
     DAY DONE("play", "{}") DONE("play", "{}") DONE("play", "{}")},
    {HEAD "\"events\":[{\"name\":\"x\",\"properties\":{\"s\":{\"column\":\"n\"},"
          "\"k\":{\"constant\":\"c\"},\"i\":{\"column\":\"n\",\"kind\":\"number\"},"
          "\"b\":{\"column\":\"n\",\"kind\":\"boolean\"}}}]}",
     "id,arm,at,n\nv,A,2020-01-02,1\n",
     DAY DONE("x", "{\"s\":\"1\",\"k\":\"c\",\"i\":1,\"b\":true}")},
};

static void test_events(void **state)
{
    (void)state;
    struct made made = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = {0};
        enum err e = make(cases[i].mapping, cases[i].csv, &made, &fault);
        assert_string_equal(fault.detail, "");
        assert_int_equal(e, ERR_OK);
        assert_string_equal(made.events.data, cases[i].events);
    }
    made_done(&made);
}

static const struct {
    const char *mapping, *csv, *pointer, *says;
} mistakes[] = {
    {HEAD "\"events\":[]}", "id,arm,when\nv,A,2020-01-02\n", "/time/column",
     "the CSV file has no column \"at\"; it has \"id\", \"arm\", \"when\""},
    {HEAD "\"events\":[]}", "id,arm,at,id\nv,A,2020-01-02,w\n", "/visitor/column",
     "the CSV file has 2 columns \"id\""},
    {HEAD "\"events\":[]}", "id,arm,at\nv,A,2020-02-30\n", "/time",
     "column \"at\" holds \"2020-02-30\", not a time like 2026-01-31T12:00:00Z"},
    {HEAD "\"events\":[]}", "id,arm,at\nv,A\n", "/time",
     "the record has 2 fields, none for column \"at\""},
    {HEAD "\"events\":[]}", "id,arm,at\n,A,2020-01-02\n", "/visitor",
     "column \"id\" holds \"\", not a visitor's id"},
    {HEAD "\"events\":[]}", "id,arm,at\n\xff,A,2020-01-02\n", "/visitor",
     "column \"id\" holds text that is not UTF-8"},
    {HEAD "\"events\":[{\"name\":\"a\"},{\"name\":\"b\",\"value\":{\"column\":\"n\"}}]}",
     "id,arm,at,n\nv,A,2020-01-02,1e\n", "/events/1/value",
     "column \"n\" holds \"1e\", not a number"},
    {HEAD "\"events\":[{\"name\":\"a\",\"count\":{\"column\":\"n\"}}]}",
     "id,arm,at,n\nv,A,2020-01-02,-1\n", "/events/0/count",
     "column \"n\" holds \"-1\", not a whole number from 0 to 100000"},
    {HEAD "\"events\":[{\"name\":\"a\",\"when\":{\"column\":\"n\",\"above\":0}}]}",
     "id,arm,at,n\nv,A,2020-01-02,many\n", "/events/0/when",
     "column \"n\" holds \"many\", not a number"},
};

static void test_mistakes(void **state)
{
    (void)state;
    struct made made = {0};
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct fault fault = {0};
        assert_int_equal(make(mistakes[i].mapping, mistakes[i].csv, &made, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, mistakes[i].pointer);
        assert_string_equal(fault.detail, mistakes[i].says);
        assert_string_equal(made.events.data, "");
    }
    made_done(&made);
}

static void test_left_out(void **state)
{
    (void)state;
    struct made made = {0};
    struct fault fault = {0};
    const char *mapping = "{\"campaign\":{\"key\":\"c\",\"control\":\"A\"},"
                          "\"visitor\":{\"row_number\":true,\"prefix\":\"r-\"},"
                          "\"variant\":{\"column\":\"arm\",\"map\":{\"A\":\"a\",\"B\":null}},"
                          "\"time\":{\"constant\":\"2020-01-02\"},\"events\":[]}";
    assert_int_equal(make(mapping, "arm\nB\n", &made, &fault), ERR_OK);
    assert_string_equal(made.events.data, "");
    assert_int_equal(make(mapping, "arm\nA\n", &made, &fault), ERR_OK);
    assert_non_null(strstr(made.events.data, "\"visitor_id\":\"r-5\""));
    assert_int_equal(make(mapping, "arm\nC\n", &made, &fault), ERR_INVALID);
    assert_string_equal(fault.detail, "\"C\" is not in the map");
    made_done(&made);
}

/* The server puts its own prefix before them, and takes 256 bytes in all. */
static void test_lengths_of_ids(void **state)
{
    (void)state;
    static const struct {
        int length;
        enum err err;
    } ids[] = {{1, ERR_OK},        {2, ERR_OK},        {100, ERR_OK},      {237, ERR_OK},
               {238, ERR_OK},      {239, ERR_INVALID}, {240, ERR_INVALID}, {256, ERR_INVALID},
               {257, ERR_INVALID}, {278, ERR_INVALID}, {300, ERR_INVALID}, {3000, ERR_INVALID}};
    struct made made = {0};
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        struct fault fault = {0};
        auto_buf struct buf csv = {0};
        buf_add_str(&csv, "id,arm,at\n");
        for (int k = 0; k < ids[i].length; k++)
            buf_add_char(&csv, 'v');
        buf_add_str(&csv, ",A,2020-01-02\n");
        assert_int_equal(make(HEAD "\"events\":[]}", csv.data, &made, &fault), ids[i].err);
        assert_true(!ids[i].err || strstr(fault.detail, "1 to 238 bytes"));
    }
    made_done(&made);
}

/* The same row makes the same ids; each event of a row has its own; the campaign is in the
 * exposure's id alone. */
static void test_ids(void **state)
{
    (void)state;
    const char *mapping = HEAD "\"events\":[{\"name\":\"x\",\"count\":{\"constant\":\"2\"}},"
                               "{\"name\":\"x\"},{\"name\":\"y\"}]}";
    const char *csv = "id,arm,at\nv,A,2020-01-02\n";
    struct made first = {0}, again = {0};
    struct fault fault;
    assert_int_equal(make(mapping, csv, &first, &fault), ERR_OK);
    assert_int_equal(make(mapping, csv, &again, &fault), ERR_OK);
    assert_string_equal(first.ids.data, again.ids.data);
    assert_int_equal(first.ids.length, 5 * 37);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(first.ids.data + i * 37, first.ids.data + k * 37, 36);
    for (size_t i = 0; i < 5; i++)
        /* 2020-01-02 is 1577923200000 ms = 0x16f638d4400; version 8 */
        assert_memory_equal(first.ids.data + i * 37, "016f638d-4400-8", 15);
    row_number = 6;
    assert_int_equal(make(mapping, csv, &again, &fault), ERR_OK);
    row_number = 5;
    for (size_t i = 0; i < 5; i++)
        assert_memory_not_equal(first.ids.data + i * 37, again.ids.data + i * 37, 36);
    struct buf other = {0};
    buf_add_str(&other, mapping);
    memcpy(strstr(other.data, "\"c\""), "\"d\"", 3);
    assert_int_equal(make(other.data, csv, &again, &fault), ERR_OK);
    assert_memory_not_equal(first.ids.data, again.ids.data, 36);
    assert_memory_equal(first.ids.data + 37, again.ids.data + 37, 4 * 37);
    buf_done(&other);
    made_done(&first);
    made_done(&again);
}

/* Of equal times the earlier row comes first, whatever its hash; in a row the exposure, then what
 * shares a name as the mapping has it. */
static void test_order(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        1,     2,     3,       9,        10,        31,       32,           4096,
        65535, 65536, 1 << 20, 99999999, 100000000, 1u << 31, 1u << 31 | 1, UINT32_MAX - 1};
    const char *mapping = HEAD "\"events\":[{\"name\":\"x\",\"count\":{\"constant\":\"1\"}},"
                               "{\"name\":\"x\",\"count\":{\"constant\":\"1\"}}]}";
    struct made made = {0};
    struct fault fault;
    char last[37] = "";
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        row_number = numbers[i];
        assert_int_equal(make(mapping, "id,arm,at\nv,A,2020-01-02\n", &made, &fault), ERR_OK);
        assert_int_equal(made.ids.length, 3 * 37);
        for (size_t k = 0; k < 3; k++) {
            assert_true(memcmp(last, made.ids.data + k * 37, 36) < 0);
            memcpy(last, made.ids.data + k * 37, 36);
        }
    }
    row_number = 5;
    made_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),   cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_left_out), cmocka_unit_test(test_lengths_of_ids),
        cmocka_unit_test(test_ids),      cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
