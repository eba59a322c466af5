// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/cli/options.h"

#include <string.h>

struct values {
    bool is_loud;
    const char *name;
    int64_t count;
    double rate;
    int64_t at_us;
    struct {
        const char *url;
    } inner;
    const char *operands[2];
};

static const struct option_row rows[] = {
    {"loud", OPTION_FLAG, offsetof(struct values, is_loud), 0, 0, NULL, "loud"},
    {"name", OPTION_TEXT, offsetof(struct values, name), 0, 0, "NAME", "name"},
    {"count", OPTION_INT, offsetof(struct values, count), 1, 100, "N", "count"},
    {"rate", OPTION_NUMBER, offsetof(struct values, rate), 0, 1, "R", "rate"},
    {"at", OPTION_TIME, offsetof(struct values, at_us), 0, 0, "T", "time"},
};
static const struct option_row inner_rows[] = {{"url", OPTION_TEXT, 0, 0, 0, "URL", "url"}};
static const struct option_table table = {.rows = rows,
                                          .count = sizeof(rows) / sizeof(rows[0]),
                                          .shared = inner_rows,
                                          .shared_count = 1,
                                          .shared_offset = offsetof(struct values, inner),
                                          .operands = 2,
                                          .operand_offset = offsetof(struct values, operands)};

static enum options_step read_words(const char *words, struct values *v, struct fault *fault)
{
    static char line[256];
    static char verb[] = "verb";
    char *argv[20] = {verb};
    int argc = 1;
    strcpy(line, words);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    *v = (struct values){.count = 7, .rate = 0.5};
    return options_read(&table, argc, argv, v, fault);
}

static void test_reads(void **state)
{
    (void)state;
    struct values v;
    struct fault fault;
    assert_int_equal(read_words("one --loud --name=x --count 3 two --rate 0.25 --url http://h "
                                "--at 1970-01-02",
                                &v, &fault),
                     OPTIONS_READ);
    assert_true(v.is_loud);
    assert_string_equal(v.name, "x");
    assert_int_equal(v.count, 3);
    assert_true(v.rate == 0.25);
    assert_int_equal(v.at_us, INT64_C(86400000000));
    assert_string_equal(v.inner.url, "http://h");
    assert_string_equal(v.operands[0], "one");
    assert_string_equal(v.operands[1], "two");
}

static void test_defaults_stay(void **state)
{
    (void)state;
    struct values v;
    struct fault fault;
    assert_int_equal(read_words("-- --one two", &v, &fault), OPTIONS_READ);
    assert_false(v.is_loud);
    assert_null(v.name);
    assert_int_equal(v.count, 7);
    assert_string_equal(v.operands[0], "--one");
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *words, *says;
    } wrong[] = {
        {"a b --count 0", "--count: \"0\" is not a whole number from 1 to 100"},
        {"a b --count 3x", "--count: \"3x\" is not a whole number from 1 to 100"},
        {"a b --count 101", "--count: \"101\" is not a whole number from 1 to 100"},
        {"a b --rate nan", "--rate: \"nan\" is not a number from 0 to 1"},
        {"a b --rate 1.5", "--rate: \"1.5\" is not a number from 0 to 1"},
        {"a b --at soon", "--at: \"soon\" is not a time like 2026-01-31T12:00:00Z"},
        {"a b --silent", "the option --silent is not known"},
        {"a b --name", "the option --name lacks its value"},
        {"a", "1 operands are given, 2 needed"},
        {"a b c", "3 operands are given, 2 needed"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct values v;
        struct fault fault = {0};
        assert_int_equal(read_words(wrong[i].words, &v, &fault), OPTIONS_WRONG);
        assert_string_equal(fault.detail, wrong[i].says);
    }
}

static void test_help(void **state)
{
    (void)state;
    struct values v;
    struct fault fault;
    assert_int_equal(read_words("--help", &v, &fault), OPTIONS_HELP);
    assert_int_equal(read_words("-h", &v, &fault), OPTIONS_HELP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reads),
                                       cmocka_unit_test(test_defaults_stay),
                                       cmocka_unit_test(test_refuses), cmocka_unit_test(test_help)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
