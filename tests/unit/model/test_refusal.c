// SPDX-License-Identifier: GPL-3.0-or-later
/* Why events are refused, as it is counted. */
#include "unit/lib/event_world.h"

static const struct {
    const char *json;
    enum refusal why;
    bool is_public;
} whys[] = {
    {"1", REFUSAL_INVALID, false},
    {"{\"visitor_id\":7.5}", REFUSAL_INVALID, false},
    {PURCHASE("\"value\":\"9,99\""), REFUSAL_INVALID, false},
    {PURCHASE("\"currency\":\"euro\""), REFUSAL_INVALID, false},
    {"{\"visitor_id\":\"undefined\",\"name\":\"n\"}", REFUSAL_JUNK_ID, false},
    {"{\"visitor_id\":0,\"name\":\"n\"}", REFUSAL_JUNK_ID, false},
    {PURCHASE("\"value\":1,\"currency\":\"US\""), REFUSAL_INVALID, false},
    {PURCHASE("\"value\":1,\"currency\":\"\""), REFUSAL_INVALID, true},
    {EVENT("\"name\":\"add_to_cart\",\"properties\":{\"currency\":\"yen!\"}"), REFUSAL_INVALID,
     true},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" OLD_ID "}", REFUSAL_TOO_LATE, false},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"ts\":\"2026-06-01T12:00:00Z\"}", REFUSAL_TOO_LATE,
     false},
    {"{\"visitor_id\":\"v\",\"name\":\"n\",\"event_id\":" FUTURE_ID "}", REFUSAL_CLOCK, false},
    {EVENT("\"name\":\"n\",\"ts\":\"2026-06-12T12:00:00Z\""), REFUSAL_CLOCK, false},
    {EXPOSURE("\"campaign\":\"y\",\"variant\":\"a\""), REFUSAL_CAMPAIGN, false},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"c\""), REFUSAL_CAMPAIGN, false},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":9"), REFUSAL_CAMPAIGN, false},
    {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":0"), REFUSAL_INVALID, false},
    {EVENT("\"name\":\"refund\""), REFUSAL_SERVER_ONLY, true},
    {"{\"visitor_id\":\"import/7/v\",\"name\":\"n\"}", REFUSAL_SERVER_ONLY, false},
};

static void test_why(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
        struct visitor_event event;
        struct fault fault = {0};
        w->rules.is_public = whys[i].is_public;
        w->why = REFUSAL_COUNT;
        assert_int_equal(read_text(w, whys[i].json, &event, &fault), ERR_INVALID);
        assert_string_equal(refusal_keys[w->why], refusal_keys[whys[i].why]);
    }
    w->rules.is_public = false;
}

static void test_currency_of_any_case(void **state)
{
    struct visitor_event event;
    struct fault fault = {0};
    static const char *const written[] = {"EUR", "eur", "Eur"};
    for (size_t i = 0; i < 3; i++) {
        char json[256];
        snprintf(json, sizeof(json), PURCHASE("\"value\":1,\"currency\":\"%s\""), written[i]);
        assert_int_equal(read_text(*state, json, &event, &fault), ERR_OK);
        assert_non_null(strstr(event.properties, "\"EUR\""));
    }
}

/* [properties of a purchase, the currency that has no rate on its day, or NULL]; the world has
 * rates of USD from 10 to 12 June, of GBP to the 7th, which is too long ago on the 15th, and of CHF
 * from the 16th on. */
static void test_unrated(void **state)
{
    static const struct {
        const char *json, *unrated;
    } cases[] = {
        {PURCHASE("\"value\":1,\"currency\":\"USD\""), NULL},
        {PURCHASE("\"value\":1,\"currency\":\"usd\""), NULL},
        {PURCHASE("\"value\":1,\"currency\":\"GBP\""), "GBP"},
        {PURCHASE("\"value\":1,\"currency\":\"gbp\""), "GBP"},
        {PURCHASE("\"value\":1,\"currency\":\"CHF\""), "CHF"},
        {PURCHASE("\"value\":1,\"currency\":\"JPY\""), "JPY"},
        {PURCHASE("\"value\":1,\"currency\":\"ABX\""), "ABX"},
        {PURCHASE("\"value\":1,\"currency\":\"EUR\""), NULL},
        {PURCHASE("\"value\":1"), NULL},
        {PURCHASE("\"currency\":\"JPY\""), NULL},
        {PURCHASE("\"items\":[{\"price\":1}],\"currency\":\"JPY\""), "JPY"},
        {PURCHASE("\"value\":null,\"currency\":\"JPY\""), NULL},
        {EVENT("\"name\":\"fee\",\"properties\":{\"value\":1,\"currency\":\"jpy\"}"), "JPY"},
        {EVENT("\"name\":\"fee\",\"properties\":{\"value\":1,\"currency\":\"yen\"}"), "YEN"},
        {EVENT("\"name\":\"fee\",\"properties\":{\"value\":1,\"currency\":\"dollars\"}"), NULL},
        {EVENT("\"name\":\"fee\",\"properties\":{\"value\":1,\"currency\":7}"), NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct visitor_event event;
        struct fault fault = {0};
        assert_int_equal(read_text(*state, cases[i].json, &event, &fault), ERR_OK);
        assert_string_equal(event.unrated ? event.unrated : "",
                            cases[i].unrated ? cases[i].unrated : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_why),
                                       cmocka_unit_test(test_currency_of_any_case),
                                       cmocka_unit_test(test_unrated)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
