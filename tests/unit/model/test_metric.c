// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/metric.h"

#include "base/mem.h"
#include "model/currency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static json_t *compile(const char *text, const char *currency, struct fault *fault)
{
    auto_json json_t *in = json_loads(text, 0, NULL);
    auto_json json_t *document = NULL;
    json_t *definition = NULL;
    must(in);
    if (field_read(metric_fields, in, &document, fault))
        return NULL;
    return metric_compile(document, currency, &definition, fault) ? NULL : definition;
}

static void definitions_say_what_is_summed(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *currency;
        const char *definition;
    } rows[] = {
        {"{\"key\":\"m\",\"kind\":\"conversion\",\"event\":\"e\",\"window_hours\":24}", "EUR",
         "{\"kind\":\"conversion\",\"numerator\":{\"event\":\"e\",\"value\":null,\"filter\":null},"
         "\"denominator\":null,\"window_hours\":24,\"cap\":null,\"scale\":1,\"is_money\":false}"},
        {"{\"key\":\"m\",\"kind\":\"count\",\"event\":\"e\",\"cap\":10}", "EUR",
         "{\"kind\":\"count\",\"numerator\":{\"event\":\"e\",\"value\":null,\"filter\":null},"
         "\"denominator\":null,\"window_hours\":null,\"cap\":10,\"scale\":1,\"is_money\":false}"},
        {"{\"key\":\"m\",\"kind\":\"sum\",\"event\":\"e\",\"value\":\"value\",\"cap\":99.99}",
         "EUR",
         "{\"kind\":\"sum\",\"numerator\":{\"event\":\"e\",\"value\":\"value\",\"filter\":null},"
         "\"denominator\":null,\"window_hours\":null,\"cap\":9999,\"scale\":100,"
         "\"is_money\":true}"},
        {"{\"key\":\"m\",\"kind\":\"mean\",\"event\":\"e\",\"value\":\"value\"}", "JPY",
         "{\"kind\":\"mean\",\"numerator\":{\"event\":\"e\",\"value\":\"value\",\"filter\":null},"
         "\"denominator\":{\"event\":\"e\",\"value\":null,\"filter\":null},\"window_hours\":null,"
         "\"cap\":null,\"scale\":1,\"is_money\":true}"},
        {"{\"key\":\"m\",\"kind\":\"sum\",\"event\":\"e\",\"value\":\"value\","
         "\"unit\":\"number\"}",
         "EUR",
         "{\"kind\":\"sum\",\"numerator\":{\"event\":\"e\",\"value\":\"value\",\"filter\":null},"
         "\"denominator\":null,\"window_hours\":null,\"cap\":null,\"scale\":1000000,"
         "\"is_money\":false}"},
        {"{\"key\":\"m\",\"kind\":\"sum\",\"event\":\"e\",\"value\":\"tax\",\"unit\":\"money\"}",
         "KWD",
         "{\"kind\":\"sum\",\"numerator\":{\"event\":\"e\",\"value\":\"tax\",\"filter\":null},"
         "\"denominator\":null,\"window_hours\":null,\"cap\":null,\"scale\":1000,"
         "\"is_money\":true}"},
        {"{\"key\":\"m\",\"kind\":\"ratio\",\"numerator\":{\"event\":\"a\"},"
         "\"denominator\":{\"event\":\"b\"}}",
         "EUR",
         "{\"kind\":\"ratio\",\"numerator\":{\"event\":\"a\",\"value\":null,\"filter\":null},"
         "\"denominator\":{\"event\":\"b\",\"value\":null,\"filter\":null},\"window_hours\":null,"
         "\"cap\":null,\"scale\":1,\"is_money\":false}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fault fault = {0};
        auto_json json_t *wanted = json_loads(rows[i].definition, 0, NULL);
        auto_json json_t *definition = compile(rows[i].document, rows[i].currency, &fault);
        must(wanted);
        assert_true(json_equal(definition, wanted));
    }
}

static void a_mean_filters_both_sides(void **state)
{
    (void)state;
    struct fault fault = {0};
    auto_json json_t *definition =
        compile("{\"key\":\"m\",\"kind\":\"mean\",\"event\":\"e\",\"value\":\"v\","
                "\"filter\":{\"kind\":\"a\"}}",
                "EUR", &fault);
    const char *above;
    const char *below;
    assert_int_equal(json_unpack(definition, "{s:{s:s},s:{s:s}}", "numerator", "filter", &above,
                                 "denominator", "filter", &below),
                     0);
    assert_string_equal(above, below);
    assert_true(strlen(above) > 5);
}

static void fields_go_with_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        const char *pointer;
    } rows[] = {
        {"\"kind\":\"count\"", "/event"},
        {"\"kind\":\"sum\",\"event\":\"e\"", "/value"},
        {"\"kind\":\"conversion\",\"event\":\"e\",\"cap\":3", "/cap"},
        {"\"kind\":\"ratio\",\"numerator\":{\"event\":\"e\"}", "/denominator"},
        {"\"kind\":\"ratio\",\"filter\":{\"a\":1},\"numerator\":{\"event\":\"e\"},"
         "\"denominator\":{\"event\":\"e\"}",
         "/filter"},
        {"\"kind\":\"ratio\",\"unit\":\"money\",\"numerator\":{\"event\":\"e\"},"
         "\"denominator\":{\"event\":\"e\",\"value\":\"v\"}",
         "/unit"},
        {"\"kind\":\"sum\",\"event\":\"e\",\"value\":\"value\",\"cap\":0.004", "/cap"},
        {"\"kind\":\"sum\",\"event\":\"e\",\"value\":\"a.\"", "/value"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];
        struct fault fault = {0};
        snprintf(text, sizeof(text), "{\"key\":\"m\",%s}", rows[i].more);
        assert_null(compile(text, "EUR", &fault));
        assert_string_equal(fault.pointer, rows[i].pointer);
    }
}

static void currencies_have_their_digits(void **state)
{
    (void)state;
    assert_int_equal(currency_digits("EUR"), 2);
    assert_int_equal(currency_digits("JPY"), 0);
    assert_int_equal(currency_digits("TND"), 3);
    assert_int_equal(currency_digits("BIF"), 0);
    assert_int_equal(currency_digits("ZWG"), 2);
    assert_int_equal(currency_digits("eur"), -1);
    assert_int_equal(currency_digits("EU"), -1);
    assert_int_equal(currency_digits("R A"), -1);
    assert_int_equal(currency_digits("UR "), -1);
}

static void builtins_are_five_and_right(void **state)
{
    (void)state;
    auto_json json_t *all = metric_builtins("USD");
    assert_int_equal(json_array_size(all), 5);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *document = json_object_get(json_array_get(all, i), "document");
        assert_int_equal(json_object_size(document), 13);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_say_what_is_summed),
        cmocka_unit_test(a_mean_filters_both_sides),
        cmocka_unit_test(fields_go_with_their_kind),
        cmocka_unit_test(currencies_have_their_digits),
        cmocka_unit_test(builtins_are_five_and_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
