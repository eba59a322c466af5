// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "tools/import/mapping/mapping.h"

#include <math.h>
#include <string.h>

static struct mapping *read_text(const char *text, struct fault *fault)
{
    struct buf copy = {0};
    buf_add_str(&copy, text);
    struct mapping *m = mapping_read(copy.data, copy.length, fault);
    buf_done(&copy);
    return m;
}

#define CAMPAIGN "\"campaign\":{\"key\":\"c\",\"control\":\"No E-Mail\"},"
#define VISITOR  "\"visitor\":{\"column\":\"id\"},"
#define VARIANT  "\"variant\":{\"column\":\"arm\"},"
#define TIME     "\"time\":{\"constant\":\"2020-01-01\"},"

static const struct {
    const char *text, *pointer, *says;
} mistakes[] = {
    {"[]", "", "an object is expected here, not array"},
    {"{}", "", "the field \"campaign\" is missing"},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[],\"event\":[]}", "/event",
     "there is no field \"event\" here"},
    {"{\"campaign\":{\"key\":\"C 1\",\"control\":\"a\"}," VISITOR VARIANT TIME "\"events\":[]}",
     "/campaign/key", "\"C 1\" is not a key: a-z, 0-9, _ and -"},
    {"{\"campaign\":{\"key\":\"c\"}," VISITOR VARIANT TIME "\"events\":[]}", "/campaign",
     "the field \"control\" is missing"},
    {"{" CAMPAIGN "\"visitor\":{}," VARIANT TIME "\"events\":[]}", "/visitor",
     "give either \"column\" or \"row_number\": true"},
    {"{" CAMPAIGN "\"visitor\":{\"column\":\"\"}," VARIANT TIME "\"events\":[]}", "/visitor/column",
     "\"column\" must be a string that is not empty, not string"},
    {"{" CAMPAIGN VISITOR "\"variant\":{\"column\":\"a\",\"map\":{\"x\":1}}," TIME "\"events\":[]}",
     "/variant/map", "\"x\" must map to a variant's key, or to null to leave its rows out"},
    {"{" CAMPAIGN VISITOR "\"variant\":{\"column\":\"a\",\"map\":{\"x\":\"!\"}}," TIME
     "\"events\":[]}",
     "/variant/map", "no key can be made of \"!\": keys are a-z, 0-9, _ and -"},
    {"{" CAMPAIGN VISITOR VARIANT "\"time\":{\"column\":\"a\",\"constant\":\"b\"},\"events\":[]}",
     "/time", "give either \"column\" or \"constant\""},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{}]}", "/events/0",
     "the field \"name\" is missing"},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{\"name\":\"a\"},{\"name\":\"exposure\"}]}",
     "/events/1/name", "exposures are made of each row's variant, not mapped"},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{\"name\":\"a\",\"when\":{\"column\":\"x\"}}]}",
     "/events/0/when", "give one of \"equals\", \"above\", \"present\" and \"true\""},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{\"name\":\"a\",\"properties\":{\"p\":{"
     "\"column\":\"x\",\"kind\":\"money\"}}}]}",
     "/events/0/properties/p", "\"kind\" is \"string\", \"number\" or \"boolean\""},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{\"name\":\"a\",\"value\":{\"column\":\"x\","
     "\"decimal\":\"comma\"}}]}",
     "/events/0/value", "\"decimal\" is \".\" or \",\""},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[{\"name\":\"a\",\"when\":{\"column\":\"x\","
     "\"true\":true,\"present\":true}}]}",
     "/events/0/when", "give one of \"equals\", \"above\", \"present\" and \"true\""},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[],\"metrics\":[{\"kind\":\"sum\"}]}",
     "/metrics/0", "a metric needs a \"key\" of a-z, 0-9, _, -"},
    {"{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[],\"dimensions\":{\"age\":{}}}",
     "/dimensions/age", "there is no field \"age\" here"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct fault fault = {0};
        assert_null(read_text(mistakes[i].text, &fault));
        assert_int_equal(fault.code, ERR_INVALID);
        assert_string_equal(fault.pointer, mistakes[i].pointer);
        assert_string_equal(fault.detail, mistakes[i].says);
    }
}

static struct mapping *with_weights(const char *weights)
{
    struct fault fault = {0};
    struct buf text = {0};
    buf_printf(&text, "{" CAMPAIGN VISITOR VARIANT TIME "\"events\":[]%s}", weights);
    struct mapping *m = read_text(text.data, &fault);
    buf_done(&text);
    assert_non_null(m);
    const char *arms[] = {"Mens E-Mail", "No E-Mail", "Mens E-Mail", "gate_30"};
    for (size_t i = 0; i < 4; i++)
        assert_non_null(mapping_variant(m, arms[i], &fault));
    return m;
}

static void test_gathered_variants(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct mapping *m = with_weights("");
    assert_int_equal(m->variant_count, 3);
    assert_string_equal(m->variants[0].key, "mens-e-mail");
    assert_string_equal(m->variants[1].key, "no-e-mail");
    assert_string_equal(m->variants[2].key, "gate_30");
    assert_int_equal(mapping_complete(m, &fault), ERR_OK);
    assert_true(m->variants[1].is_control);
    assert_false(m->variants[0].is_control);
    assert_true(m->variants[0].weight == 1.0 / 3);
    assert_null(mapping_variant(m, "mens e mail", &fault));
    assert_string_equal(fault.detail, "\"Mens E-Mail\" and \"mens e mail\" would both become "
                                      "\"mens-e-mail\": give a \"map\"");
    mapping_free(m);
}

static const struct {
    const char *weights, *says;
} weightings[] = {
    {"{\"Mens E-Mail\":0.25,\"no-e-mail\":0.5,\"gate_30\":0.25}", NULL},
    {"{\"Mens E-Mail\":0.25,\"no-e-mail\":0.5}", "the weight of \"gate_30\" is missing"},
    {"{\"Mens E-Mail\":0.25,\"no-e-mail\":0.5,\"gate_30\":0.3}",
     "the weights add up to 1.05, not 1"},
    {"{\"Mens E-Mail\":0.25,\"no-e-mail\":0.5,\"gate\":0.25}",
     "\"gate\": a variant and a number above 0 are expected"},
    {"{\"Mens E-Mail\":0,\"no-e-mail\":0.5,\"gate_30\":0.5}",
     "\"Mens E-Mail\": a variant and a number above 0 are expected"},
};

static void test_weights(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(weightings) / sizeof(weightings[0]); i++) {
        char field[200];
        struct fault fault = {0};
        snprintf(field, sizeof(field), ",\"weights\":%s", weightings[i].weights);
        struct mapping *m = with_weights(field);
        enum err e = mapping_complete(m, &fault);
        assert_int_equal(e, weightings[i].says ? ERR_INVALID : ERR_OK);
        assert_string_equal(fault.detail, weightings[i].says ? weightings[i].says : "");
        if (!e)
            assert_true(m->variants[1].weight == 0.5);
        mapping_free(m);
    }
}

static void test_unknown_control(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct mapping *m = read_text(
        "{" CAMPAIGN VISITOR
        "\"variant\":{\"column\":\"a\",\"map\":{\"x\":\"a\",\"y\":\"b\"}}," TIME "\"events\":[]}",
        &fault);
    assert_non_null(m);
    assert_int_equal(mapping_complete(m, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/campaign/control");
    mapping_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_gathered_variants),
        cmocka_unit_test(test_weights), cmocka_unit_test(test_unknown_control)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
