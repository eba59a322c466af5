// SPDX-License-Identifier: GPL-3.0-or-later
/* Events written in another way than the documents say, and what they are read as. */
#include "unit/lib/event_world.h"

/* Numbers that stand as texts, whole numbers that stand as floats, and nulls. */
static void test_ways_of_writing(void **state)
{
    static const struct {
        const char *json, *properties;
    } cases[] = {
        {PURCHASE("\"value\":20,\"currency\":null"), "{\"value\":20,\"currency\":null}"},
        {PURCHASE("\"value\":null"), "{\"value\":null}"},
        {PURCHASE("\"transaction_id\":null,\"items\":null,\"tax\":null"),
         "{\"transaction_id\":null,\"items\":null,\"tax\":null}"},
        {EVENT("\"name\":\"n\",\"properties\":null"), "{}"},
        {EVENT("\"name\":\"n\",\"ts\":null"), "{}"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":null"),
         "{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"experience\":null"),
         "{\"campaign\":\"x\",\"variant\":\"a\",\"experience\":null,\"phase\":2}"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2.0"),
         "{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2e0"),
         "{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}"},
        {EXPOSURE("\"campaign\":\"x\",\"variant\":\"a\",\"phase\":\"2\""),
         "{\"campaign\":\"x\",\"variant\":\"a\",\"phase\":2}"},
        {PURCHASE("\"value\":\"7\""), "{\"value\":7}"},
        {PURCHASE("\"value\":\"7.50\""), "{\"value\":7.5}"},
        {PURCHASE("\"value\":\"0007.25\""), "{\"value\":7.25}"},
        {PURCHASE("\"value\":\"7\",\"tax\":\"-1.2\",\"shipping\":\"0\""),
         "{\"value\":7,\"tax\":-1.2,\"shipping\":0}"},
        {PURCHASE("\"items\":[{\"price\":\"10.00\",\"quantity\":\"2\"},{\"price\":\"-3\"}]"),
         "{\"items\":[{\"price\":10,\"quantity\":2},{\"price\":-3}]}"},
        {PURCHASE("\"transaction_id\":\"007\""), "{\"transaction_id\":\"007\"}"},
        {PURCHASE("\"transaction_id\":7.0"), "{\"transaction_id\":7}"},
        {EVENT("\"name\":\"n\",\"properties\":{\"value\":\"7\"}"), "{\"value\":\"7\"}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct visitor_event e;
        struct fault fault = {0};
        if (read_text(*state, cases[i].json, &e, &fault))
            fail_msg("%s: %s %s", cases[i].json, fault.pointer, fault.detail);
        assert_string_equal(e.properties, cases[i].properties);
    }
}

/* A name of 64 characters, whatever their bytes. */
static void test_names_are_counted_in_characters(void **state)
{
    static const char *const letters[] = {"a", "\u00e4", "\u20ac", "\U0001f600", "\u0416"};
    for (size_t i = 0; i < 2 * sizeof(letters) / sizeof(letters[0]); i++) {
        char name[300] = "", json[512];
        struct visitor_event e;
        struct fault fault = {0};
        for (size_t n = 0; n < 64 + i % 2; n++)
            strcat(name, letters[i / 2]);
        snprintf(json, sizeof(json),
                 "{\"visitor_id\":\"v\",\"event_id\":" NOW_ID ",\"name\":\"%s\"}", name);
        assert_int_equal(read_text(*state, json, &e, &fault), i % 2 ? ERR_INVALID : ERR_OK);
        if (i % 2)
            assert_string_equal(fault.pointer, "/name");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_of_writing),
        cmocka_unit_test(test_names_are_counted_in_characters),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
