// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int search(const char *pattern, bool is_insensitive, const char *text)
{
    struct arena *arena = arena_new(0);
    struct fault fault;
    const struct regex *regex =
        regex_compile(arena, pattern, strlen(pattern), is_insensitive, &fault);
    int found = regex ? regex_search(regex, text, strlen(text)) : -2;
    arena_free(arena);
    return found;
}

static const struct {
    const char *pattern, *text;
    int found;
} searches[] = {
    {"", "", 1},
    {"^a.c$", "abc", 1},
    {"^a.c$", "a\rc", 0},
    {"^a.c$",
     "a\xe2\x80\xa8"
     "c",
     0},
    {"a$", "a\n", 0},
    {"\\z", "z", 1},
    {"\\A", "A", 1},
    {"\\h\\R\\K\\N\\G", "hRKNG", 1},
    {"\\Qa\\E", "QaE", 1},
    {"\\v", "\v", 1},
    {"\\v", "\r", 0},
    {"^\\f\\r$", "\f\r", 1},
    {"\\f", "f", 0},
    {"^\\s$", "\xc2\xa0", 1},
    {"^\\S$", "\xc2\xa0", 0},
    {"^[\\S]$", "\xe2\x80\x8b", 1},
    {"[[:alpha:]]", "a]", 1},
    {"[[:alpha:]]", "a", 0},
    {"[a\\-z]", "-", 1},
    {"[\\w-z]", "-", 1},
    {"[\\b]", "\b", 1},
    {"[\\B]", "B", 1},
    {"\\0", "0", 0},
    {"\\101", "A", 1},
    {"\\8", "8", 1},
    {"(a)\\1", "aa", 1},
    {"\\1(a)", "a", 1},
    {"(a)\\2", "a\x02", 1},
    {"\\cJ", "\n", 1},
    {"\\c", "\\c", 1},
    {"\\c1", "\\c1", 1},
    {"[\\c1]", "\x11", 1},
    {"\\x41\\u0042", "AB", 1},
    {"\\x4", "x4", 1},
    {"\\u{3}", "uuu", 1},
    {"\\ud83d\\ude00", "😀", 1},
    {"[\\u0000-\\uffff]", "😀", 1},
    {"[^\\u0000-\\uffff]", "😀", 0},
    {"x{,2}", "x{,2}", 1},
    {"x{2}", "xx", 1},
    {"{", "{", 1},
    {"]}", "]}", 1},
    {"a{2}?b", "aab", 1},
    {"(?=a)*b", "b", 1},
    {"(?<!a)b", "ab", 0},
    {"(?<n>a)\\k<n>", "aa", 1},
    {"\\k<n>", "k<n>", 1},
    {"#a b", "#a b", 1},
    {"a|", "", 1},
    {"[]", "a", 0},
    {"[^]", "\n", 1},
};

static void finds_as_javascript(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
        if (search(searches[i].pattern, false, searches[i].text) != searches[i].found)
            fail_msg("/%s/ on \"%s\"", searches[i].pattern, searches[i].text);
}

static void ignores_case_where_asked(void **state)
{
    (void)state;
    assert_int_equal(search("^äÖ[a-c]$", true, "ÄöB"), 1);
    assert_int_equal(search("^äÖ$", false, "Äö"), 0);
    assert_int_equal(search("[^a]", true, "A"), 0);
}

static void refuses_what_javascript_refuses(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "(",     ")",      "[",        "[b-a]",          "*",          "a**",           "a++",
        "^*",    "\\b+",   "(?<=a)*",  "a{2,1}",         "a{2}{3}",    "{2}",           "\\",
        "(?i)a", "(?>a)",  "(?P<n>a)", "(?#x)",          "(*FAIL)",    "(?|a)",         "(?",
        "(?<",   "(?<>a)", "(?<1>a)",  "(?<n>a)(?<n>b)", "(?<n>a)\\k", "(?<n>a)\\k<m>", "[😀-😂]",
    };
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        if (search(patterns[i], false, "a") != -2)
            fail_msg("taken: /%s/", patterns[i]);
}

static void refuses_what_pcre_cannot(void **state)
{
    (void)state;
    static const char *const patterns[] = {"\\ud83d", "[\\ude00]", "(?<=a*)b", "a{70000}",
                                           "a{99999999999999999999}"};
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        assert_int_equal(search(patterns[i], false, "a"), -2);
}

/* Longer, once translated, than what PCRE2 has room for without memory of ours. */
static void compiles_what_is_long(void **state)
{
    (void)state;
    char pattern[REGEX_PATTERN_BYTES + 2], text[REGEX_PATTERN_BYTES / 2 + 1];
    for (size_t i = 0; i < REGEX_PATTERN_BYTES; i++)
        pattern[i] = i % 2 ? 's' : '\\';
    pattern[REGEX_PATTERN_BYTES] = '\0';
    memset(text, ' ', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(search(pattern, false, text), 1);
    assert_int_equal(search(pattern, false, text + 1), 0);
    strcat(pattern, "a");
    assert_int_equal(search(pattern, false, text), -2);
}

static void gives_up_in_time(void **state)
{
    (void)state;
    assert_int_equal(search("^(a+)+$", false, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
                     -1);
    size_t length = 200000;
    char *text = malloc(length + 1);
    memset(text, 'a', length);
    text[length - 1] = 'c';
    text[length] = '\0';
    assert_int_equal(search("(?:a|b)*c", false, text), -1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_as_javascript),
        cmocka_unit_test(ignores_case_where_asked),
        cmocka_unit_test(refuses_what_javascript_refuses),
        cmocka_unit_test(refuses_what_pcre_cannot),
        cmocka_unit_test(compiles_what_is_long),
        cmocka_unit_test(gives_up_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
