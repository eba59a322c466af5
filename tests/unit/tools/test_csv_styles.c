// SPDX-License-Identifier: GPL-3.0-or-later
/* Encodings, numbers and dates of files, each from a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/csv/day_style.h"
#include "tools/csv/encoding.h"
#include "tools/csv/number_style.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text)  text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    enum encoding encoding;
    const char *text; /* with \xef\xbb\xbf for the mark; NULL: refused */
} files[] = {
    {BYTES(""), ENCODING_UTF8, ""},
    {BYTES("a,b\n"), ENCODING_UTF8, "a,b\n"},
    {BYTES("\xef\xbb\xbf"
           "a"),
     ENCODING_UTF8,
     "\xef\xbb\xbf"
     "a"},
    {BYTES("\xff\xfe"
           "a\0;\0"),
     ENCODING_UTF16LE,
     "\xef\xbb\xbf"
     "a;"},
    {BYTES("\xfe\xff\0a\0;"), ENCODING_UTF16BE,
     "\xef\xbb\xbf"
     "a;"},
    {BYTES("i\0d\0;\0g\0\n\0"), ENCODING_UTF16LE, "id;g\n"},
    {BYTES("\0i\0d\0;\0g\0\n"), ENCODING_UTF16BE, "id;g\n"},
    {BYTES("a\0\xfc\0 \0\xac\x20"), ENCODING_UTF16LE, "a\xc3\xbc \xe2\x82\xac"},
    {BYTES("a\0b\0c\0\x3d\xd8\x00\xde"), ENCODING_UTF16LE, "abc\xf0\x9f\x98\x80"},
    {BYTES("\0a\0b\0c\xd8\x3d\xde\x00"), ENCODING_UTF16BE, "abc\xf0\x9f\x98\x80"},
    {BYTES("a\0b\0c\0\x3d\xd8"), ENCODING_UTF16LE, NULL},
    {BYTES("a\0b\0c\0\x00\xde"), ENCODING_UTF16LE, NULL},
    {BYTES("a\0b\0c\0\x3d\xd8x\0"), ENCODING_UTF16LE, NULL},
    {BYTES("a\0b\0c"), ENCODING_UTF16LE, NULL},
    {BYTES("\x80 \xe4\x96\x9f"), ENCODING_WINDOWS_1252,
     "\xe2\x82\xac \xc3\xa4\xe2\x80\x93\xc5\xb8"},
};

static const char *decode(size_t file, enum encoding encoding, size_t step, struct buf *out)
{
    struct decoder d = {.encoding = encoding};
    const char *why = NULL;
    buf_clear(out);
    buf_add_str(out, "");
    for (size_t at = 0; !why && at < files[file].length; at += step) {
        size_t left = files[file].length - at;
        why = decoder_add(&d, files[file].bytes + at, left < step ? left : step, out);
    }
    return why ? why : decoder_end(&d);
}

static void test_encodings(void **state)
{
    (void)state;
    struct buf out = {0};
    for (size_t i = 0; i < COUNT(files); i++) {
        enum encoding found = encoding_find(files[i].bytes, files[i].length);
        bool is_told = files[i].encoding == ENCODING_WINDOWS_1252;
        if (found != (is_told ? ENCODING_UTF8 : files[i].encoding))
            fail_msg("file %zu: %s", i, encoding_name(found));
        for (size_t step = 1; step < 6; step++) {
            const char *why = decode(i, files[i].encoding, step, &out);
            if ((why != NULL) != (files[i].text == NULL))
                fail_msg("file %zu: %s", i, why ? why : "read");
            if (!why)
                assert_string_equal(out.data, files[i].text);
        }
    }
    enum encoding read;
    assert_true(encoding_read("utf-16be", &read));
    assert_int_equal(read, ENCODING_UTF16BE);
    assert_false(encoding_read("latin", &read));
    buf_done(&out);
}

static const struct {
    const char *text, *by_point, *by_comma; /* NULL: no number */
} numbers[] = {
    {"5", "5", "5"},
    {"1,5", NULL, "1.5"},
    {"1.5", "1.5", NULL},
    {"1.234,56", NULL, "1234.56"},
    {"1,234.56", "1234.56", NULL},
    {"1 234,56", NULL, "1234.56"},
    {"1 234.56", "1234.56", NULL},
    {"1'234.56", "1234.56", NULL},
    {"1\xe2\x80\x99"
     "234.56",
     "1234.56", NULL},
    {"1\xc2\xa0"
     "234,56",
     NULL, "1234.56"},
    {"1\xe2\x80\xaf"
     "234\xe2\x80\xaf"
     "567,8",
     NULL, "1234567.8"},
    {"1,234", "1234", "1.234"},
    {"1.234", "1.234", "1234"},
    {"0,123", NULL, "0.123"},
    {"0.123", "0.123", NULL},
    {"1234,567", NULL, "1234.567"},
    {"1.234.567", NULL, "1234567"},
    {"1,234,567", "1234567", NULL},
    {"1 234", "1234", "1234"},
    {"-1.234,5", NULL, "-1234.5"},
    {"\xe2\x88\x92"
     "7,25",
     NULL, "-7.25"},
    {"+,5", NULL, ".5"},
    {"1,5e3", NULL, "1.5e3"},
    {" 12,50 ", NULL, "12.50"},
    {"337,300.00", "337300.00", NULL},
    {"1,23,456", NULL, NULL},
    {"1.234 567", NULL, NULL},
    {"12 34", NULL, NULL},
    {"1,2.3,4", NULL, NULL},
    {"1 2345", NULL, NULL},
    {"1,234,", NULL, NULL},
    {"12\xe2\x82\xac", "12", "12"},
    {"12,50 \xe2\x82\xac", NULL, "12.50"},
    {"12,50\xc2\xa0\xe2\x82\xac", NULL, "12.50"},
    {"\xe2\x82\xac 1.234,50", NULL, "1234.50"},
    {"$1,234.50", "1234.50", NULL},
    {"US$ 1,234.50", "1234.50", NULL},
    {"-$5.25", "-5.25", NULL},
    {"$-5.25", "-5.25", NULL},
    {"- \xc2\xa3 5.25", "-5.25", NULL},
    {"CHF 1'234.50", "1234.50", NULL},
    {"EUR 1e3", "1e3", "1e3"},
    {"1 234,50 kr.", NULL, "1234.50"},
    {"99,90 z\xc5\x82", NULL, "99.90"},
    {"5 USD", "5", "5"},
    {"5 USDT", NULL, NULL},
    {"5 XYZ", NULL, NULL},
    {"$5 USD", NULL, NULL},
    {"5 $ 6", NULL, NULL},
    {"1$50", NULL, NULL},
    {"$", NULL, NULL},
    {"EUR", NULL, NULL},
    {"", NULL, NULL},
    {" ", NULL, NULL},
    {"many", NULL, NULL},
};

static void assert_number(char decimal, const char *text, const char *wanted)
{
    char plain[NUMBER_BYTES];
    bool is_number = number_plain(decimal, text, plain);
    if (is_number != (wanted != NULL) || (is_number && strcmp(plain, wanted) != 0))
        fail_msg("\"%s\" by '%c' is %s", text, decimal, is_number ? plain : "no number");
}

static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_number('.', numbers[i].text, numbers[i].by_point);
        assert_number(',', numbers[i].text, numbers[i].by_comma);
    }
}

/* A column, what stands between its file's fields, and its decimal sign ('?': it can be read both
 * ways). */
static const struct {
    const char *cells[4];
    char separator, decimal;
} columns[] = {
    {{"1", "2"}, ';', '.'},
    {{"1,5", "2"}, ';', ','},
    {{"1.5", "2"}, ';', '.'},
    {{"1,234"}, ',', '?'},
    {{"1,234", "2,345"}, ';', '?'},
    {{"1,234", "2,5"}, ';', ','},
    {{"1,234", "0,123"}, ';', ','},
    {{"1,234", "1,234,567"}, ';', '.'},
    {{"1,234", "2.5"}, ';', '.'},
    {{"1.234"}, ';', '?'},
    {{"1.234"}, ',', '.'},
    {{"1.234", "12,5"}, ';', ','},
    {{"1.234", "1.234.567"}, ';', ','},
    {{"1.234", "1,234"}, ',', '?'},
    {{"1 234,5", "1.234"}, ';', ','},
    {{"1'234", "2"}, ';', '.'},
    {{"n/a", "", "3,5"}, ';', ','},
    {{"1,5", "2,5", "3.5"}, ';', ','},
};

/* What a column's amounts are in, and what else there is. */
static const struct {
    const char *cells[4];
    const char *currency, *other; /* NULL: none */
} moneys[] = {
    {{"1", "2,5"}, NULL, NULL},
    {{"1 \xe2\x82\xac", "2,5"}, "EUR", NULL},
    {{"EUR 1", "2,5 \xe2\x82\xac"}, "EUR", NULL},
    {{"$1", "$2.5"}, "$", NULL},
    {{"US$1", "2.5 USD"}, "USD", NULL},
    {{"$1", "US$2"}, "$", "USD"},
    {{"1 \xe2\x82\xac", "$2"}, "EUR", "$"},
    {{"1 GBP", "2 GBP", "3 EUR"}, "GBP", "EUR"},
    {{"kr 1", "2 kr."}, "kr", NULL},
    {{"kr 1", "2 SEK"}, "kr", "SEK"},
    {{"$ off", "EUR", "3"}, NULL, NULL},
};

static void test_currencies(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(moneys); i++) {
        struct number_evidence e = {0};
        for (size_t k = 0; k < 4 && moneys[i].cells[k]; k++)
            number_evidence_add(&e, moneys[i].cells[k], k + 2);
        if ((e.currency == NULL) != (moneys[i].currency == NULL) ||
            (e.other_currency == NULL) != (moneys[i].other == NULL))
            fail_msg("column %zu: %s", i, e.currency ? e.currency : "none");
        if (e.currency)
            assert_string_equal(e.currency, moneys[i].currency);
        if (e.other_currency)
            assert_string_equal(e.other_currency, moneys[i].other);
    }
}

static void test_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(columns); i++) {
        struct number_evidence e = {0};
        for (size_t k = 0; k < 4 && columns[i].cells[k]; k++)
            number_evidence_add(&e, columns[i].cells[k], k + 2);
        char decimal = number_evidence_decimal(&e, columns[i].separator);
        if ((decimal ? decimal : '?') != columns[i].decimal)
            fail_msg("column %zu: '%c'", i, decimal ? decimal : '?');
        if (!decimal)
            assert_int_equal(e.open_line, 2);
    }
}

static const struct {
    const char *text, *day_first, *month_first;
} days[] = {
    {"31.01.2024", "2024-01-31", "2024-01-31"},
    {"1.2.2024 9:30", "2024-02-01 09:30", "2024-02-01 09:30"},
    {"31.01.2024 12:00:00.250", "2024-01-31 12:00:00.250", "2024-01-31 12:00:00.250"},
    {"03/04/2024", "2024-04-03", "2024-03-04"},
    {"1/31/2024 1:05 PM", "2024-31-01 13:05", "2024-01-31 13:05"},
    {"1/2/2024 12:00 AM", "2024-02-01 00:00", "2024-01-02 00:00"},
    {"1/2/2024, 12:30:15 pm", "2024-02-01 12:30:15", "2024-01-02 12:30:15"},
    {"31-01-2024T08:00:00+01:00", "2024-01-31 08:00:00+01:00", "2024-31-01 08:00:00+01:00"},
    {" 31.01.2024 12:00 ", "2024-01-31 12:00", "2024-01-31 12:00"},
    {"2024-01-31", NULL, NULL},
    {"31.01.24", "2024-01-31", "2024-01-31"},
    {"1.2.24 9:30", "2024-02-01 09:30", "2024-02-01 09:30"},
    {"1/31/24 1:05 PM", "2024-31-01 13:05", "2024-01-31 13:05"},
    {"03/04/99", "2099-04-03", "2099-03-04"},
    {"01-02-03", "2003-02-01", "2003-01-02"},
    {"31.01.00", "2000-01-31", "2000-01-31"},
    {"31.01.4", NULL, NULL},
    {"31.01.124", NULL, NULL},
    {"31.01.24x", NULL, NULL},
    {"31.01.24.5", NULL, NULL},
    {"31.01.", NULL, NULL},
    {"31.01/2024", NULL, NULL},
    {"31.01.2024x", NULL, NULL},
    {"31.01.2024 noon", NULL, NULL},
    {"1/2/2024 13:00 PM", NULL, NULL},
    {"1/2/2024 1:00 PMish", NULL, NULL},
    {"20240131", NULL, NULL},
    {"", NULL, NULL},
};

static void test_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++)
        for (int is_month_first = 0; is_month_first < 2; is_month_first++) {
            char plain[DAY_BYTES];
            const char *wanted = is_month_first ? days[i].month_first : days[i].day_first;
            bool is_day = day_plain(is_month_first, days[i].text, plain);
            if (is_day != (wanted != NULL) || (is_day && strcmp(plain, wanted) != 0))
                fail_msg("\"%s\" is %s", days[i].text, is_day ? plain : "no date");
        }
}

static const struct {
    const char *cells[3];
    bool is_open, is_month_first;
} day_columns[] = {
    {{"31.01.2024", "01.02.2024"}, false, false},
    {{"01.02.2024"}, false, false},
    {{"01/02/2024"}, true, false},
    {{"01/02/2024", "03/04/2024"}, true, false},
    {{"01/02/2024", "13/02/2024"}, false, false},
    {{"01/02/2024", "02/13/2024"}, false, true},
    {{"01-02-2024", "31-01-2024"}, false, false},
    {{"1/2/2024 1:00 PM", "1/31/2024 1:00 PM"}, false, true},
    {{"2024-01-02", ""}, false, false},
    {{"31.01.24", "01.02.24"}, false, false},
    {{"01/02/24"}, true, false},
    {{"01/02/24", "13/02/24"}, false, false},
    {{"01/02/24", "02/13/24"}, false, true},
    {{"01-02-24", "13-02-24"}, true, false},
    {{"24-01-31"}, true, false},
    {{"soon", "12/31/2024"}, false, true},
};

static void test_day_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(day_columns); i++) {
        struct day_evidence e = {0};
        for (size_t k = 0; k < 3 && day_columns[i].cells[k]; k++)
            day_evidence_add(&e, day_columns[i].cells[k], k + 2);
        if (day_evidence_is_open(&e) != day_columns[i].is_open ||
            day_evidence_is_month_first(&e) != day_columns[i].is_month_first)
            fail_msg("column %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_columns),   cmocka_unit_test(test_currencies),
        cmocka_unit_test(test_days),      cmocka_unit_test(test_day_columns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
