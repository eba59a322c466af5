// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event must look like, and what is made of it. The clock stands at 2026-06-15T12:00:00Z.
 */
#include "unit/lib/event_world.h"

static const struct {
    const char *json, *pointer;
} refused[] = {
    {"1", ""},
    {"[]", ""},
    {"{}", "/visitor_id"},
    {"{\"visitor_id\":7}", "/name"},
    {"{\"visitor_id\":7.5}", "/visitor_id"},
    {"{\"visitor_id\":true}", "/visitor_id"},
    {"{\"visitor_id\":0}", "/visitor_id"},
    {"{\"visitor_id\":\"\"}", "/visitor_id"},
    {"{\"visitor_id\":\"a\\u0001\"}", "/visitor_id"},
    {"{\"visitor_id\":\"a\\u0085\"}", "/visitor_id"},
    {"{\"visitor_id\":\" Undefined\",\"name\":\"n\",\"event_id\":" NOW_ID "}", "/visitor_id"},
    {"{\"visitor_id\":\"00000000-0000-0000-0000-000000000000\"}", "/visitor_id"},
    {"{\"visitor_id\":\"import/7/v\",\"name\":\"n\",\"event_id\":" NOW_ID "}", "/visitor_id"},
    {"{\"visitor_id\":\"v\"}", "/name"},
    {"{\"visitor_id\":\"v\",\"name\":null}", "/name"},
    {"{\"visitor_id\":\"v\",\"name\":"
     "\"n23456789012345678901234567890123456789012345678901234567890123456\"}",
     "/name"},
    {"{\"visitor_id\":\"v\",\"name\":7}", "/name"},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":\"x\"}", "/event_id"},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":\"019ecb27-2200-f000-8000-"
     "000000000001\"}",
     "/event_id"},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" OLD_ID "}", "/event_id"},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" FUTURE_ID "}", "/event_id"},
    {EVENT("\"name\":\"n\",\"ts\":17"), "/ts"},
    {EVENT("\"name\":\"n\",\"ts\":\"yesterday\""), "/ts"},
    {EVENT("\"name\":\"n\",\"ts\":\"2026-06-12T12:00:00Z\""), "/ts"},
    {EVENT("\"name\":\"n\",\"ts\":\"2026-02-30T12:00:00Z\""), "/ts"},
    {EVENT("\"name\":\"n\",\"properties\":[]"), "/properties"},
    {"{\"visitor_id\":null}", "/visitor_id"},
    {EVENT("\"name\":\"n\",\"ts\":\"\""), "/ts"},
    {PURCHASE("\"value\":\"\""), "/properties/value"},
    {PURCHASE("\"value\":\"9,99\""), "/properties/value"},
    {PURCHASE("\"value\":\"1,299.00\""), "/properties/value"},
    {PURCHASE("\"value\":\"9.\""), "/properties/value"},
    {PURCHASE("\"value\":\".9\""), "/properties/value"},
    {PURCHASE("\"value\":\"+9\""), "/properties/value"},
    {PURCHASE("\"value\":\" 9\""), "/properties/value"},
    {PURCHASE("\"value\":\"9e1\""), "/properties/value"},
    {PURCHASE("\"value\":\"0x9\""), "/properties/value"},
    {PURCHASE("\"value\":\"EUR 9\""), "/properties/value"},
    {PURCHASE("\"value\":\"-9\""), "/properties/value"},
    {PURCHASE("\"value\":\"1234567890123456789\""), "/properties/value"},
    {PURCHASE("\"value\":true"), "/properties/value"},
    {PURCHASE("\"value\":1e13"), "/properties/value"},
    {PURCHASE("\"currency\":\"eu\""), "/properties/currency"},
    {PURCHASE("\"currency\":\"eur \""), "/properties/currency"},
    {PURCHASE("\"currency\":\"€\""), "/properties/currency"},
    {PURCHASE("\"currency\":978"), "/properties/currency"},
    {PURCHASE("\"currency\":\"us$\""), "/properties/currency"},
    {PURCHASE("\"transaction_id\":7.5"), "/properties/transaction_id"},
    {PURCHASE("\"transaction_id\":[]"), "/properties/transaction_id"},
    {PURCHASE("\"items\":{}"), "/properties/items"},
    {PURCHASE("\"items\":[{},1]"), "/properties/items/1"},
    {PURCHASE("\"items\":[{\"quantity\":\"7 pieces\"}]"), "/properties/items/0/quantity"},
    {PURCHASE("\"items\":[{},{\"price\":\"7,00\"}]"), "/properties/items/1/price"},
    {PURCHASE("\"items\":[{\"quantity\":-1}]"), "/properties/items/0/quantity"},
    {PURCHASE("\"items\":[{\"quantity\":1e30}]"), "/properties/items/0/quantity"},
    {PURCHASE("\"items\":[{\"price\":-1e16}]"), "/properties/items/0/price"},
    {PURCHASE("\"tax\":\"7 %\""), "/properties/tax"},
    {PURCHASE("\"shipping\":true"), "/properties/shipping"},
    {PURCHASE("\"shipping\":1e16"), "/properties/shipping"},
    {PURCHASE("\"value\":-0.01"), "/properties/value"},
    {EVENT("\"name\":\"n\",\"properties\":{\"a\":[1,{\"b\":1e16}]}"), "/properties/a/1/b"},
    {EVENT("\"name\":\"refund\",\"properties\":{\"value\":-1}"), "/properties/value"},
    {EXPOSURE(""), "/properties/campaign"},
    {EXPOSURE("\"campaign\":\"x\""), "/properties/variant"},
    {EXPOSURE("\"campaign\":\"y\",\"variant\":\"a\""), "/properties/campaign"},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"c\""), "/properties/variant"},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":0"), "/properties/phase"},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":\"one\""), "/properties/phase"},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":1.5"), "/properties/phase"},
};

static void test_refused(void **state)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct visitor_event event;
        struct fault fault = {0};
        assert_int_equal(read_text(*state, refused[i].json, &event, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, refused[i].pointer);
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
    assert_int_equal(read_text(w,
                               PURCHASE("\"value\":-0.0,\"tax\":null,\"shipping\":-4.9,\"items\":"
                                        "[{\"price\":-5,\"quantity\":null},{\"quantity\":0.5}]"),
                               &e, &fault),
                     ERR_OK);
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

static bool add_an_hour(void *arg, const char *visitor_id, int64_t told_us, int64_t *ret_us)
{
    (void)arg;
    *ret_us = told_us + 3600 * SECOND_US;
    return visitor_id[0] == 'v';
}

/* By a clock that tells nothing neither an exposure nor a purchase is taken. */
static void test_clock_is_put_right(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event e;
    struct fault fault;
    w.rules.clock_fn = add_an_hour;
    assert_int_equal(
        read_text(&w, EVENT("\"name\":\"n\",\"ts\":\"2026-06-15T11:00:00Z\""), &e, &fault), ERR_OK);
    assert_int_equal(e.ts_us, w.rules.now_us);
    static const char *const far[] = {
        "{\"visitor_id\":\"w\",\"name\":\"purchase\",\"event_id\":" NOW_ID "}",
        "{\"visitor_id\":\"w\",\"name\":\"exposure\",\"ts\":\"2026-06-15T11:00:00Z\","
        "\"properties\":{\"campaign\":\"x\",\"variant\":\"a\"}}",
    };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(read_text(&w, far[i], &e, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, "/ts");
    }
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
    /* another arm, experience, visitor, phase or day: another exposure */
    static const char *const others[] = {
        EXPOSURE("\"campaign\":\"x\",\"variant\":\"b\""),
        EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":1"),
        EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"experience\":\"e\""),
        "{\"visitor_id\":\"w\",\"name\":\"exposure\",\"properties\":{\"campaign\":\"x\","
        "\"variant\":\"a\"}}",
        "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"ts\":\"2026-06-14T13:00:00Z\","
        "\"properties\":{\"campaign\":\"x\",\"variant\":\"a\"}}",
    };
    for (size_t i = 0; i < 5; i++) {
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

/* Where the snapshot may be an old one, a campaign or the next phase may have begun since. */
static void test_exposures_ahead(void **state)
{
    static const struct {
        const char *properties, *pointer; /* in the newest snapshot; NULL: taken */
        const char *pointer_else;
        bool is_ahead;
    } cases[] = {
        {"\"campaign\":\"x\",\"variant\":\"a\"", NULL, NULL, false},
        {"\"campaign\":\"x\",\"variant\":\"z\",\"phase\":1", NULL, NULL, false},
        {"\"campaign\":\"x\",\"variant\":\"z\",\"phase\":3", "/properties/phase", NULL, true},
        {"\"campaign\":\"x\",\"variant\":\"a\",\"phase\":4", "/properties/phase",
         "/properties/phase", true},
        {"\"campaign\":\"y\",\"variant\":\"a\",\"phase\":1", "/properties/campaign", NULL, true},
        {"\"campaign\":\"y\",\"variant\":\"a\",\"phase\":1000001", "/properties/phase",
         "/properties/phase", false},
        {"\"campaign\":\"y\",\"variant\":\"a\"", "/properties/campaign", "/properties/campaign",
         true},
    };
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w = *(struct world *)*state;
        char text[256];
        struct visitor_event e;
        struct fault fault;
        w.rules.is_newest = i % 2 == 0;
        const char *pointer = w.rules.is_newest ? cases[i / 2].pointer : cases[i / 2].pointer_else;
        snprintf(text, sizeof(text), EXPOSURE("%s"), cases[i / 2].properties);
        assert_int_equal(read_text(&w, text, &e, &fault), pointer ? ERR_INVALID : ERR_OK);
        if (pointer)
            assert_string_equal(fault.pointer, pointer);
        if (w.rules.is_newest)
            continue;
        w.rules.can_wait = true;
        enum err err = read_text(&w, text, &e, &fault);
        assert_int_equal(err == ERR_STALE, cases[i / 2].is_ahead);
    }
}

/* What is imported may be of a campaign that no snapshot holds any more. */
static void test_backfill_knows_old_campaigns(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event e;
    struct fault fault;
    w.rules.is_newest = true;
    w.rules.has_backfill = true;
    assert_int_equal(
        read_text(&w, EXPOSURE("\"campaign\":\"y\",\"variant\":\"a\",\"phase\":1"), &e, &fault),
        ERR_OK);
}

#define COMMERCE(name, properties) EVENT("\"name\":\"" name "\",\"properties\":{" properties "}")
#define V8_ID                      "\"019ecb27-2200-8000-8000-000000000001\""
#define V8(name)                                                                                   \
    "{\"visitor_id\":\"v\",\"event_id\":" V8_ID ",\"name\":\"" name                                \
    "\",\"properties\":{\"campaign\":\"x\",\"variant\":\"a\"}}"

/* What a server may say and anybody may not. */
static const struct {
    const char *json, *pointer;
} not_of_anybody[] = {
    {COMMERCE("refund", ""), "/name"},
    {COMMERCE("refund", "\"value\":0"), "/name"},
    {COMMERCE("refund", "\"value\":10,\"currency\":\"EUR\""), "/name"},
    {COMMERCE("refund", "\"transaction_id\":\"o2\""), "/name"},
    {COMMERCE("refund", "\"items\":[{\"price\":1}]"), "/name"},
    {COMMERCE("purchase", "\"tax\":-1"), "/properties/tax"},
    {COMMERCE("purchase", "\"value\":5,\"shipping\":-0.01"), "/properties/shipping"},
    {COMMERCE("purchase", "\"items\":[{\"price\":-5}]"), "/properties/items/0/price"},
    {COMMERCE("purchase", "\"items\":[{\"price\":5},{\"price\":-1e-9}]"),
     "/properties/items/1/price"},
    {COMMERCE("add_to_cart", "\"value\":-1"), "/properties/value"},
    {COMMERCE("add_to_cart", "\"items\":[{\"price\":-1}]"), "/properties/items/0/price"},
    {COMMERCE("begin_checkout", "\"value\":-1e12"), "/properties/value"},
    {COMMERCE("begin_checkout", "\"tax\":-3"), "/properties/tax"},
    {COMMERCE("view_item", "\"value\":-0.5"), "/properties/value"},
    {COMMERCE("view_item", "\"items\":[{\"price\":-7}]"), "/properties/items/0/price"},
    {V8("page_view"), "/event_id"},
    {V8("purchase"), "/event_id"},
    {V8("exposures"), "/event_id"},
    {V8("Exposure"), "/event_id"},
    {V8("exposure"), "/event_id"},
};

static void test_anybody(void **state)
{
    struct world w = *(struct world *)*state;
    for (size_t i = 0; i < sizeof(not_of_anybody) / sizeof(not_of_anybody[0]); i++) {
        struct visitor_event e;
        struct fault fault = {0};
        w.rules.is_public = false;
        assert_int_equal(read_text(&w, not_of_anybody[i].json, &e, &fault), ERR_OK);
        w.rules.is_public = true;
        assert_int_equal(read_text(&w, not_of_anybody[i].json, &e, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, not_of_anybody[i].pointer);
    }
}

/* Whoever sends an exposure under its own id sends the same exposure. */
static void test_own_id(void **state)
{
    struct world w = *(struct world *)*state;
    struct visitor_event derived, told;
    struct fault fault;
    char id[UUID_TEXT_SIZE], text[512];
    w.rules.is_public = true;
    assert_int_equal(
        read_text(&w, EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\""), &derived, &fault), ERR_OK);
    uuid_format(&derived.id, id);
    snprintf(text, sizeof(text),
             "{\"visitor_id\":\"v\",\"event_id\":\"%s\",\"name\":\"exposure\",\"properties\":"
             "{\"campaign\":\"x\",\"phase\":2,\"variant\":\"a\"}}",
             id);
    assert_int_equal(read_text(&w, text, &told, &fault), ERR_OK);
    assert_memory_equal(derived.id.bytes, told.id.bytes, 16);
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
        cmocka_unit_test(test_clock_is_put_right),
        cmocka_unit_test(test_exposure_ids),
        cmocka_unit_test(test_exposures_ahead),
        cmocka_unit_test(test_backfill_knows_old_campaigns),
        cmocka_unit_test(test_anybody),
        cmocka_unit_test(test_own_id),
        cmocka_unit_test(test_repaired_ids_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
