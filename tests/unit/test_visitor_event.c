// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event must look like, and what is made of it. The clock stands at 2026-06-15T12:00:00Z.
 */
#include "model/visitor_event.h"

#include "base/clock.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* version 7 of that time; of 8 and of 6 days earlier; of two days later */
#define NOW_ID    "\"019ecb27-2200-7000-8000-000000000001\""
#define OLD_ID    "\"019ea1f4-4200-7000-8000-000000000001\""
#define FUTURE_ID "\"019ed573-da00-7000-8000-000000000001\""
#define NOW_TEXT  "2026-06-15T12:00:00Z"

struct world {
    struct arena *arena;
    struct snapshot *snapshot;
    struct event_rules rules;
};

static int setup(void **state)
{
    static struct world w;
    char text[] =
        "{\"environments\":[{\"id\":7,\"key\":\"production\",\"currency\":\"EUR\",\"campaigns\":["
        "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\",\"coverage\":1,"
        "\"forced\":{\"qa\":\"a\"},\"phase\":{\"number\":2,\"seed\":\"s\",\"variants\":"
        "[{\"key\":\"a\",\"weight\":0.5},{\"key\":\"b\",\"weight\":0.5}]}}]}]}";
    struct fault fault;
    w = (struct world){.arena = arena_new(0),
                       .snapshot = snapshot_compile(1, text, strlen(text), &fault)};
    assert_non_null(w.snapshot);
    w.rules.environment = &w.snapshot->environments[0];
    assert_true(clock_parse(NOW_TEXT, strlen(NOW_TEXT), &w.rules.now_us));
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    snapshot_free(w->snapshot);
    arena_free(w->arena);
    return 0;
}

static enum err read_text(struct world *w, const char *json, struct visitor_event *ret,
                          struct fault *fault)
{
    auto_json json_t *object = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(object);
    return visitor_event_read(&w->rules, w->arena, object, ret, fault);
}

#define EVENT(members)       "{\"visitor_id\":\"v\",\"event_id\":" NOW_ID "," members "}"
#define PURCHASE(properties) EVENT("\"name\":\"purchase\",\"properties\":{" properties "}")
#define EXPOSURE(properties)                                                                       \
    "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"properties\":{" properties "}}"

static void test_refused(void **state)
{
    static const struct {
        const char *json, *pointer;
    } cases[] = {
        {"1", ""},
        {"[]", ""},
        {"{}", "/visitor_id"},
        {"{\"visitor_id\":7}", "/visitor_id"},
        {"{\"visitor_id\":\"\"}", "/visitor_id"},
        {"{\"visitor_id\":\"a\\u0001\"}", "/visitor_id"},
        {"{\"visitor_id\":\"a\\u0085\"}", "/visitor_id"},
        {"{\"visitor_id\":\"v\"}", "/name"},
        {"{\"visitor_id\":\"v\",\"name\":null}", "/name"},
        {"{\"visitor_id\":\"v\",\"name\":"
         "\"n23456789012345678901234567890123456789012345678901234567890123456\"}",
         "/name"},
        {"{\"visitor_id\":\"v\",\"name\":\"n\"}", "/event_id"},
        {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":\"x\"}", "/event_id"},
        {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":\"019ecb27-2200-4000-8000-"
         "000000000001\"}",
         "/event_id"},
        {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" OLD_ID "}", "/event_id"},
        {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" FUTURE_ID "}", "/event_id"},
        {EVENT("\"name\":\"n\",\"ts\":17"), "/ts"},
        {EVENT("\"name\":\"n\",\"ts\":\"yesterday\""), "/ts"},
        {EVENT("\"name\":\"n\",\"ts\":\"2026-06-12T12:00:00Z\""), "/ts"},
        {EVENT("\"name\":\"n\",\"ts\":\"2026-02-30T12:00:00Z\""), "/ts"},
        {EVENT("\"name\":\"n\",\"properties\":[]"), "/properties"},
        {PURCHASE("\"value\":\"9.99\""), "/properties/value"},
        {PURCHASE("\"value\":1e13"), "/properties/value"},
        {PURCHASE("\"currency\":\"eur\""), "/properties/currency"},
        {PURCHASE("\"currency\":\"USD\""), "/properties/currency"},
        {PURCHASE("\"transaction_id\":[]"), "/properties/transaction_id"},
        {PURCHASE("\"items\":{}"), "/properties/items"},
        {PURCHASE("\"items\":[{},1]"), "/properties/items/1"},
        {EVENT("\"name\":\"refund\",\"properties\":{\"value\":-1}"), "/properties/value"},
        {EXPOSURE(""), "/properties/campaign"},
        {EXPOSURE("\"campaign\":\"x\""), "/properties/variant"},
        {EXPOSURE("\"campaign\":\"y\",\"variant\":\"a\""), "/properties/campaign"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"c\""), "/properties/variant"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":0"), "/properties/phase"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":\"1\""), "/properties/phase"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct visitor_event event;
        struct fault fault = {0};
        assert_int_equal(read_text(*state, cases[i].json, &event, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, cases[i].pointer);
        assert_true(strlen(fault.detail) > 5);
    }
}

static void test_read(void **state)
{
    struct world *w = *state;
    struct visitor_event e;
    struct fault fault;
    assert_int_equal(
        read_text(
            w, PURCHASE("\"value\":29.99,\"currency\":\"EUR\",\"transaction_id\":9007199254740993"),
            &e, &fault),
        ERR_OK);
    assert_string_equal(e.visitor_id, "v");
    assert_string_equal(e.name, "purchase");
    assert_int_equal(e.ts_us, w->rules.now_us);
    assert_int_equal(e.day, 20619);
    assert_string_equal(
        e.properties, "{\"value\":29.99,\"currency\":\"EUR\",\"transaction_id\":9007199254740993}");
    assert_int_equal(
        read_text(w, EVENT("\"name\":\"n\",\"ts\":\"2026-06-14T14:00:00+02:00\""), &e, &fault),
        ERR_OK);
    assert_int_equal(e.ts_us, w->rules.now_us - DAY_US);
    assert_string_equal(e.properties, "{}");
}

static void test_backfill_may_be_old(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event e;
    struct fault fault;
    w.rules.has_backfill = true;
    assert_int_equal(
        read_text(&w, "{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" OLD_ID "}", &e, &fault),
        ERR_OK);
    assert_int_equal(e.day, 20611);
    assert_int_equal(read_text(&w,
                               "{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" FUTURE_ID "}",
                               &e, &fault),
                     ERR_INVALID);
}

static void test_skew_is_added(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event e;
    struct fault fault;
    w.rules.skew_us = 3600 * SECOND_US;
    assert_int_equal(
        read_text(&w, EVENT("\"name\":\"n\",\"ts\":\"2026-06-15T11:00:00Z\""), &e, &fault), ERR_OK);
    assert_int_equal(e.ts_us, w.rules.now_us);
}

static void test_exposure_ids(void **state)
{
    struct world *w = *state;
    struct visitor_event first, again, other;
    struct fault fault;
    assert_int_equal(read_text(w, EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\""), &first, &fault),
                     ERR_OK);
    assert_string_equal(first.properties, "{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}");
    assert_int_equal(uuid_version(&first.id), 8);
    assert_int_equal(first.marks, 0);
    /* later the same day, the phase named: the same exposure */
    assert_int_equal(
        read_text(w,
                  "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"ts\":\"2026-06-15T13:00:00Z\","
                  "\"properties\":{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}}",
                  &again, &fault),
        ERR_OK);
    assert_memory_equal(first.id.bytes, again.id.bytes, 16);
    /* another arm, visitor, phase or day: another exposure */
    static const char *const others[] = {
        EXPOSURE("\"campaign\":\"x\",\"variant\":\"b\""),
        EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":1"),
        "{\"visitor_id\":\"w\",\"name\":\"exposure\",\"properties\":{\"campaign\":\"x\","
        "\"variant\":\"a\"}}",
        "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"ts\":\"2026-06-14T13:00:00Z\","
        "\"properties\":{\"campaign\":\"x\",\"variant\":\"a\"}}",
    };
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(read_text(w, others[i], &other, &fault), ERR_OK);
        assert_memory_not_equal(first.id.bytes, other.id.bytes, 16);
    }
    assert_int_equal(read_text(w,
                               "{\"visitor_id\":\"qa\",\"name\":\"exposure\",\"properties\":{"
                               "\"campaign\":\"x\",\"variant\":\"a\"}}",
                               &other, &fault),
                     ERR_OK);
    assert_int_equal(other.marks, EVENT_MARK_FORCED);
}

static void test_repaired_ids_are_refused(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event e;
    struct fault fault;
    const char *json = "{\"visitor_id\":\"v\xef\xbf\xbd\",\"name\":\"n\",\"event_id\":" NOW_ID "}";
    assert_int_equal(read_text(&w, json, &e, &fault), ERR_OK);
    w.rules.is_repaired = true;
    assert_int_equal(read_text(&w, json, &e, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/visitor_id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_backfill_may_be_old),
        cmocka_unit_test(test_skew_is_added),
        cmocka_unit_test(test_exposure_ids),
        cmocka_unit_test(test_repaired_ids_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
