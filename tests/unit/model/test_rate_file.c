// SPDX-License-Identifier: GPL-3.0-or-later
/* Files of exchange rates: how they are written, and what is made of them. */
#include "model/rate/rate_file.h"

#include "base/clock.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define XML_HEAD                                                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope "                                \
    "xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" "                                       \
    "xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\n"                              \
    "<gesmes:subject>Reference rates</gesmes:subject><Cube>"

/* [text, base or NULL, own currency, "currency day rate own_rate" of each, or what is wrong] */
static const struct {
    const char *text, *base, *own, *rates;
} files[] = {
    {"Date, USD, JPY, \n27 November 2026, 1.0853, 160.5, \n", NULL, "EUR",
     "JPY 2026-11-27 160.5 1;USD 2026-11-27 1.0853 1;"},
    {"Date,USD,JPY,CYP,\n2026-11-27,1.0853,N/A,0.58,\n2026-11-26,1.08,160,,\n", NULL, "EUR",
     "JPY 2026-11-26 160 1;USD 2026-11-26 1.08 1;USD 2026-11-27 1.0853 1;"},
    {"Date,USD,JPY\n2026-11-27,1.25,160\n", NULL, "USD",
     "EUR 2026-11-27 1 1.25;JPY 2026-11-27 160 1.25;"},
    {"Date,EUR\n2026-11-27,0.8\n", "GBP", "EUR", "GBP 2026-11-27 1 0.8;"},
    {XML_HEAD "<Cube time='2026-11-27'><Cube currency='USD' rate='1.0853'/>"
              "<Cube currency='GBP' rate='0.85'/></Cube><Cube time='2026-11-26'>"
              "<Cube currency='USD' rate='1.08'/></Cube></Cube></gesmes:Envelope>",
     NULL, "EUR", "GBP 2026-11-27 0.85 1;USD 2026-11-26 1.08 1;USD 2026-11-27 1.0853 1;"},
    {"\xef\xbb\xbf" XML_HEAD "<Cube time='2026-11-27'><Cube currency='USD' rate='2'/></Cube></Cube>"
     "</gesmes:Envelope>",
     NULL, "EUR", "USD 2026-11-27 2 1;"},
    {"day,currency,rate\n2026-11-27,USD,1.5\n", NULL, "EUR", "USD 2026-11-27 1.5 1;"},
    {"day,currency,rate\n2026-11-27,GBP,0.5\n", NULL, "CHF", "GBP 2026-11-27 0.5 1;"},
    {"Date;Currency;Rate;Base\r\n2026-11-27;usd;1,5;eur\r\n2026-11-27;JPY;160;EUR\r\n", NULL, "USD",
     "EUR 2026-11-27 1 1.5;JPY 2026-11-27 160 1.5;"},
    {"rate\tday\tcurrency\n\"1.5\"\t\"2026-11-27\"\t\"USD\"\n\n", NULL, "EUR",
     "USD 2026-11-27 1.5 1;"},
    {"Date,USD\n2026-11-27,1.5\n2026-11-26,N/A\n", NULL, "EUR", "USD 2026-11-27 1.5 1;"},
    {"day,currency,rate\n2026-11-27,EUR,1\n2026-11-27,USD,2\n", NULL, "EUR", "USD 2026-11-27 2 1;"},
    {"Date,USD\n2026-11-27,1.5\n2026-11-26,1.4\n", NULL, "USD",
     "EUR 2026-11-26 1 1.4;EUR 2026-11-27 1 1.5;"},
    /* What is wrong. */
    {"", NULL, "EUR", "is empty"},
    {"\n \n", NULL, "EUR", "is empty"},
    {"<html><body>Not found</body></html>", NULL, "EUR", "there is no rate of a currency in use"},
    {"<Cube time='2026-11-27'><Cube currency='USD' rate='-1'/></Cube>", NULL, "EUR", "line 1: "},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", NULL, "EUR", "line 1: a document type"},
    {"<a><b></a>", NULL, "EUR", "line 1: mismatched tag"},
    {"Date,USD\n2026-11-27,1.2e3\n", NULL, "EUR", "line 2: \"1.2e3\" is not a number"},
    {"Date,USD\n2026-11-27,1.5\n30 Februar 2026,1\n", NULL, "EUR", "line 3: \"30 Februar 2026\""},
    {"Date,USD\n27 November 26,1\n", NULL, "EUR", "line 2: \"27 November 26\" is not a day"},
    {"Date,USD\n2026-11-27,1.5,7\n", NULL, "EUR", "line 2: column 3 has no currency"},
    {"Date,US\n2026-11-27,1.5\n", NULL, "EUR", "line 2: \"US\" is not a currency"},
    {"Date,USD\n2026-11-29,1.5\n", NULL, "EUR", "line 2: 2026-11-29 lies in the future"},
    {"day,currency,rate\n2026-11-27,USD\n", NULL, "EUR", "line 2: it has 2 cells"},
    {"day,currency,rate\n2026-11-27,USD,1\n2026-11-27,USD,1\n", NULL, "EUR",
     "USD has two rates on one day, the second in line 3"},
    {"Date,USD\n2026-11-27,1.5\n", NULL, "GBP", "there is no rate of GBP"},
    {"Date,CYP\n2026-11-27,0.58\n", NULL, "EUR", "there is no rate of a currency in use"},
    {"a,b\n1,2\n", NULL, "EUR", "line 1: the columns should be"},
};

static void show(const struct rate_list *list, struct buf *b)
{
    for (size_t i = 0; i < list->count; i++) {
        char day[CLOCK_TEXT_SIZE];
        clock_format((int64_t)list->rows[i].day * DAY_US, day);
        buf_printf(b, "%s %.10s %s %s;", list->rows[i].currency, day, list->rows[i].rate,
                   list->rows[i].own_rate);
    }
}

static void test_files(void **state)
{
    int64_t today_us;
    (void)state;
    assert_true(clock_parse("2026-11-28T00:00:00Z", 20, &today_us));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        auto_arena struct arena *arena = arena_new(0);
        auto_buf struct buf b = {0};
        struct rate_list list = {.arena = arena, .today = clock_day(today_us)};
        struct fault fault = {0};
        char *text = arena_strdup(arena, files[i].text);
        enum err e = rate_file_read(text, strlen(text), files[i].base, files[i].own, &list, &fault);
        if (!e)
            e = rates_settle(&list, files[i].own, &fault);
        if (e) {
            if (strncmp(fault.detail, files[i].rates, strlen(files[i].rates)) != 0)
                fail_msg("file %zu: %s", i, fault.detail);
        } else {
            buf_add_str(&b, "");
            show(&list, &b);
            assert_string_equal(b.data, files[i].rates);
        }
    }
}

static void test_left_out(void **state)
{
    auto_arena struct arena *arena = arena_new(0);
    struct rate_list list = {.arena = arena, .today = 30000};
    struct fault fault;
    char text[] = "Date,USD,CYP,GBP\n2026-11-27,1.5,0.58,0.8\n2026-11-26,N/A,0.58,0.8\n";
    (void)state;
    assert_int_equal(rate_file_read(text, strlen(text), NULL, "USD", &list, &fault), ERR_OK);
    assert_int_equal(rates_settle(&list, "USD", &fault), ERR_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.unknown_count, 2);
    assert_int_equal(list.unused_count, 1);
}

static void test_numbers(void **state)
{
    static const char *const good[] = {"1", "0.000001", "160.5", "20000", "999999999999", "007"};
    static const char *const bad[] = {"",
                                      "0",
                                      "0.000",
                                      "-1",
                                      "+1",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1,5",
                                      " 1",
                                      "1 ",
                                      "x",
                                      "1000000000000",
                                      "1.2.3",
                                      "NaN",
                                      "0x1",
                                      "1.0000000000001"};
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        assert_true(rate_is_number(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(rate_is_number(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
