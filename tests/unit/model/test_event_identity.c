// SPDX-License-Identifier: GPL-3.0-or-later
/* Events of servers: ids of other versions or none, ids of visitors as numbers, times in their many
 * forms. */
#include "unit/lib/event_world.h"

#include "base/json/json_id.h"
#include "model/event/event_identity.h"
#include "model/event/event_time.h"

#define SAID(id, members) "{\"visitor_id\":\"v\"," id members "}"
#define VIEW(members)     SAID("", "\"name\":\"view\"" members)
#define AT                ",\"ts\":\"2026-06-15T11:00:00Z\""

static struct visitor_event event_of(struct world *w, const char *json)
{
    struct visitor_event e;
    struct fault fault = {0};
    if (read_text(w, json, &e, &fault))
        fail_msg("%s: %s %s", json, fault.pointer, fault.detail);
    return e;
}

static bool is_same(const struct visitor_event *a, const struct visitor_event *b)
{
    return a->day == b->day && memcmp(&a->id, &b->id, sizeof(a->id)) == 0;
}

/* What says the same is one event, however it is written. */
static void test_derived_ids(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } cases[] = {
        {VIEW(AT), VIEW(AT), true},
        {VIEW(AT), VIEW(",\"ts\":1781521200"), true},
        {VIEW(AT), VIEW(",\"ts\":\"2026-06-15 13:00+0200\""), true},
        {VIEW(AT), VIEW(",\"ts\":\"2026-06-15T11:00:00.000001Z\""), false},
        {VIEW(AT), VIEW(""), false},
        {VIEW(""), VIEW(""), true},
        {VIEW(AT), VIEW(AT ",\"properties\":{}"), true},
        {VIEW(AT ",\"properties\":{\"a\":1,\"b\":2}"), VIEW(AT ",\"properties\":{\"b\":2,\"a\":1}"),
         true},
        {VIEW(AT ",\"properties\":{\"a\":1}"), VIEW(AT ",\"properties\":{\"a\":\"1\"}"), false},
        {VIEW(AT ",\"properties\":{\"a\":[1,2]}"), VIEW(AT ",\"properties\":{\"a\":[2,1]}"), false},
        {VIEW(AT), SAID("", "\"name\":\"views\"" AT), false},
        {VIEW(AT), "{\"visitor_id\":\"w\",\"name\":\"view\"" AT "}", false},
        {VIEW(AT ",\"other\":1"), VIEW(AT), true},
        {VIEW(AT), SAID("\"event_id\":" NOW_ID ",", "\"name\":\"view\"" AT), false},
        {SAID("", "\"name\":\"purchase\",\"properties\":{\"value\":\"7\"}"),
         SAID("", "\"name\":\"purchase\",\"properties\":{\"value\":7}"), true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct visitor_event a = event_of(*state, cases[i].a), b = event_of(*state, cases[i].b);
        if (is_same(&a, &b) != cases[i].is_same)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        assert_int_equal(uuid_version(&a.id), 8);
    }
}

static bool add_hours(void *arg, const char *visitor_id, int64_t told_us, int64_t *ret_us)
{
    const int *hours = arg;
    assert_string_equal(visitor_id, "v");
    *ret_us = told_us + *hours * 3600 * SECOND_US;
    return true;
}

/* With ts the day is that of ts, whenever it arrives; without, that of its arrival. */
static void test_sent_again_on_another_day(void **state)
{
    struct world later = *(struct world *)*state;
    later.rules.now_us += DAY_US;
    later.rules.clock_fn = add_hours;
    later.rules.clock_arg = &(int){-3};
    struct visitor_event a = event_of(*state, VIEW(AT)), b = event_of(&later, VIEW(AT));
    assert_true(is_same(&a, &b));
    assert_true(a.ts_us != b.ts_us);
    a = event_of(*state, VIEW("")), b = event_of(&later, VIEW(""));
    assert_false(is_same(&a, &b));
}

static void test_environments_are_apart(void **state)
{
    (void)state;
    struct event_word word = {7, "v", "view", 1, true};
    auto_json json_t *none = json_object();
    struct uuid a = event_id_of_content(&word, none);
    word.environment_id = 8;
    struct uuid b = event_id_of_content(&word, none);
    assert_memory_not_equal(&a, &b, sizeof(a));
}

#define ID(text) "\"event_id\":\"" text "\","
#define TODAY    20619

static void test_ids_of_other_versions(void **state)
{
    static const struct {
        const char *id, *more;
        int day, public_day; /* 0: refused */
    } cases[] = {
        {ID("9f1c2d3e-0000-4000-8000-000000000001"), "", TODAY, TODAY},
        {ID("9F1C2D3E-0000-4000-8000-000000000001"), AT, TODAY, TODAY},
        {ID("9f1c2d3e000040008000000000000001"), AT, TODAY, TODAY},
        {ID("9f1c2d3e-0000-4000-8000-000000000001"), ",\"ts\":\"2026-06-13T23:59Z\"", TODAY - 2,
         TODAY - 2},
        {ID("9f1c2d3e-0000-4000-8000-000000000001"), ",\"ts\":\"2026-06-07T23:59Z\"", 0, 0},
        {ID("9f1c2d3e-0000-4000-8000-000000000001"), ",\"ts\":\"2026-06-17T00:00Z\"", 0, 0},
        {ID("9f1c2d3e-0000-1000-8000-000000000001"), AT, TODAY, 0},
        {ID("9f1c2d3e-0000-2000-8000-000000000001"), AT, TODAY, 0},
        {ID("9f1c2d3e-0000-3000-8000-000000000001"), AT, TODAY, 0},
        {ID("9f1c2d3e-0000-5000-8000-000000000001"), AT, TODAY, 0},
        {ID("9f1c2d3e-0000-6000-8000-000000000001"), AT, TODAY, 0},
        {ID("019ecb27-2200-7000-8000-000000000001"), AT, TODAY, TODAY},
        {ID("019ecb2722007000800000000000000a"), AT, TODAY, TODAY},
        {ID("019ecb27-2200-8000-8000-000000000001"), AT, TODAY, 0},
        {ID("9f1c2d3e-0000-0000-8000-000000000001"), AT, 0, 0},
        {ID("9f1c2d3e-0000-9000-8000-000000000001"), AT, 0, 0},
        {ID("00000000-0000-0000-0000-000000000000"), AT, 0, 0},
        {ID("9f1c2d3e-0000-4000-8000-00000000000"), AT, 0, 0},
        {ID("9f1c2d3e000040008000000000000g01"), AT, 0, 0},
        {"\"event_id\":17,", AT, 0, 0},
    };
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w = *(struct world *)*state;
        struct visitor_event e;
        struct fault fault = {0};
        char json[256];
        w.rules.is_public = i % 2;
        int day = i % 2 ? cases[i / 2].public_day : cases[i / 2].day;
        snprintf(json, sizeof(json), SAID("%s", "\"name\":\"view\"%s"), cases[i / 2].id,
                 cases[i / 2].more);
        if (read_text(&w, json, &e, &fault) ? day != 0 : e.day != day)
            fail_msg("%s (public: %zu): %s %s", json, i % 2, fault.pointer, fault.detail);
    }
}

/* NULL: refused. */
static void test_ids_of_visitors(void **state)
{
    static const struct {
        const char *json, *id;
    } cases[] = {
        {"17", "17"},
        {"-17", "-17"},
        {"17.0", "17"},
        {"1e3", "1000"},
        {"9007199254740993", "9007199254740993"},
        {"9223372036854775807", "9223372036854775807"},
        {"\"0017\"", "0017"},
        {"9007199254740991.0", "9007199254740991"},
        {"9007199254740993.0", NULL},
        {"1e300", NULL},
        {"17.5", NULL},
        {"true", NULL},
        {"[17]", NULL},
        {"null", NULL},
        {"0", NULL},
        {"-1", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct visitor_event e;
        struct fault fault = {0};
        char json[256];
        snprintf(json, sizeof(json), "{\"visitor_id\":%s,\"name\":\"n\"}", cases[i].json);
        enum err err = read_text(*state, json, &e, &fault);
        assert_int_equal(err, cases[i].id ? ERR_OK : ERR_INVALID);
        if (cases[i].id)
            assert_string_equal(e.visitor_id, cases[i].id);
        else
            assert_string_equal(fault.pointer, "/visitor_id");
    }
}

/* Beyond 64 bits the reader of JSON keeps no last digit. */
static void test_ids_beyond_64_bits(void **state)
{
    (void)state;
    char text[] = "[18446744073709551617]", digits[JSON_ID_DIGITS];
    size_t length;
    struct fault fault;
    const struct json_limits limits = {.bytes = 100, .depth = 2, .nodes = 9, .caps_numbers = true};
    auto_json json_t *list = json_parse(text, strlen(text), &limits, NULL, &fault);
    assert_non_null(list);
    assert_null(json_id_text(json_array_get(list, 0), digits, &length));
}

static void test_exposures_with_numbers(void **state)
{
    struct visitor_event e = event_of(
        *state, EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"experience\":0,\"phase\":1"));
    assert_non_null(strstr(e.properties, "\"experience\":\"0\""));
}

/* 0: refused */
static const struct {
    const char *json;
    int64_t us;
} times[] = {
    {"\"2026-06-15T12:00:00Z\"", 1781524800000000},
    {"\"2026-06-15t12:00:00z\"", 1781524800000000},
    {"\"2026-06-15 12:00:00Z\"", 1781524800000000},
    {"\"2026-06-15 12:00:00 UTC\"", 1781524800000000},
    {"\"2026-06-15 12:00:00+0000\"", 1781524800000000},
    {"\"2026-06-15 12:00:00 +0000\"", 1781524800000000},
    {"\"2026-06-15T14:00+02\"", 1781524800000000},
    {"\"2026-06-15T14:00+0200\"", 1781524800000000},
    {"\"2026-06-15T06:30-05:30\"", 1781524800000000},
    {"\"2026-06-15T12:00Z\"", 1781524800000000},
    {"\"2026-06-15T12:00:00.25Z\"", 1781524800250000},
    {"\"2026-06-15T12:00:00,25Z\"", 1781524800250000},
    {"\"2026-06-15T12:00:00.123456789Z\"", 1781524800123456},
    {"\"2026-06-15\"", 1781481600000000},
    {"1781524800", 1781524800000000},
    {"1781524800.25", 1781524800250000},
    {"1781524800000", 1781524800000000},
    {"1781524800123.5", 1781524800123500},
    {"1781524800000001", 1781524800000001},
    {"1781524800000001999", 1781524800000001},
    {"\"1781524800\"", 1781524800000000},
    {"\"1781524800123\"", 1781524800123000},
    {"\"1781524800.000001\"", 1781524800000001},
    {"1.7815248e9", 1781524800000000},
    {"\"2026-06-15T12:00:00\"", 0},
    {"\"2026-06-15 12:00\"", 0},
    {"\"2026-06-15T12Z\"", 0},
    {"\"2026-06-15T12:00:00+2\"", 0},
    {"\"2026-06-15T12:00:00+02:\"", 0},
    {"\"2026-06-15T12:00:00+2400\"", 0},
    {"\"2026-06-15T12:00:00.Z\"", 0},
    {"\"2026-06-15T12:00:00ZZ\"", 0},
    {"\"2026-06-15T12:00:00 PST\"", 0},
    {"\"15.06.2026\"", 0},
    {"\"06/15/2026\"", 0},
    {"\"1781524800.\"", 0},
    {"\"1781524800 \"", 0},
    {"\"-1781524800\"", 0},
    {"-1781524800", 0},
    {"20260615", 0},
    {"17", 0},
    {"0", 0},
    {"1e30", 0},
    {"1e308", 0},
    {"99999999999999999999", 0},
    {"true", 0},
    {"\"\"", 0},
    {"[]", 0},
};

static void test_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t us = 0;
        auto_json json_t *value = json_loads(times[i].json, JSON_DECODE_ANY, NULL);
        if (!value) /* too large for the library's own reader */
            value = json_real(1e20);
        assert_int_equal(event_time_read(value, &us), times[i].us != 0);
        assert_int_equal(us, times[i].us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derived_ids),
        cmocka_unit_test(test_sent_again_on_another_day),
        cmocka_unit_test(test_environments_are_apart),
        cmocka_unit_test(test_ids_of_other_versions),
        cmocka_unit_test(test_ids_of_visitors),
        cmocka_unit_test(test_ids_beyond_64_bits),
        cmocka_unit_test(test_exposures_with_numbers),
        cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
