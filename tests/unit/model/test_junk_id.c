// SPDX-License-Identifier: GPL-3.0-or-later
/* Ids that are nobody's, and those that only look like it. */
#include "model/junk_id.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *const default_junk[] = {"null",
                                           "NULL",
                                           "undefined",
                                           "Undefined",
                                           " undefined ",
                                           "\"undefined\"",
                                           "'null'",
                                           "NaN",
                                           "nan",
                                           "none",
                                           "true",
                                           "FALSE",
                                           "0",
                                           "-1",
                                           "00000",
                                           "00000000-0000-0000-0000-000000000000",
                                           "0000-00",
                                           "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
                                           "anonymous",
                                           "unknown",
                                           "(not set)",
                                           "[object Object]",
                                           "[OBJECT OBJECT]",
                                           "{{user.id}}",
                                           "{{ }}",
                                           "${userId}",
                                           "\"\"",
                                           "-",
                                           "''"};
static const char *const default_fine[] = {
    "v",
    "1",
    "10",
    "-2",
    "00000000-0000-0000-0000-000000000001",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "anonymous-17",
    "undefined2",
    "nul",
    "nulls",
    "test",
    "object",
    "{{user",
    "user}}",
    "${",
    "$5",
    "\xe2\x82\xac",
    "0x0",
    "n",
};
static void test_defaults(void **state)
{
    struct junk_ids j;
    char longest[257];
    junk_ids_read(&j, *state, NULL);
    for (size_t i = 0; i < sizeof(default_junk) / sizeof(default_junk[0]); i++)
        assert_true(junk_ids_hold(&j, default_junk[i]));
    for (size_t i = 0; i < sizeof(default_fine) / sizeof(default_fine[0]); i++)
        assert_false(junk_ids_hold(&j, default_fine[i]));
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(junk_ids_hold(&j, longest));
    memset(longest, '0', sizeof(longest) - 1);
    assert_true(junk_ids_hold(&j, longest));
}

/* What people write into it is folded as an id is; what is no text is passed over. */
static void test_a_list_of_ones_own(void **state)
{
    json_t *list =
        json_loads("[\" Test \",\"'Bot'\",7,null,\"\",\"\xc3\x9c\",\"b\",\"a\"]", 0, NULL);
    static const char *const junk[] = {"test", "TEST", "bot", "\xc3\x9c", "a", "B", "0"};
    static const char *const fine[] = {"undefined", "null", "7", "\xc3\xbc", "c", "tes"};
    struct junk_ids j;
    assert_non_null(list);
    junk_ids_read(&j, *state, list);
    json_decref(list);
    for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
        assert_true(junk_ids_hold(&j, junk[i]));
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        assert_false(junk_ids_hold(&j, fine[i]));
}

/* However it is written: in capitals or not, with what goes for nothing before and behind it. */
static void test_every_dress(void **state)
{
    static const char *const listed[] = {"undefined", "0abc", "-x", "a", "{", "nan0", "b-0"};
    static const char *const around[] = {"", " ", "\t", "\"", "'", "`", " \"'"};
    const size_t dresses = sizeof(around) / sizeof(around[0]);
    struct junk_ids j;
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
        json_array_append_new(list, json_string(listed[i]));
    junk_ids_read(&j, *state, list);
    json_decref(list);
    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]) * dresses * dresses * 2; i++) {
        char id[64], other[64];
        const char *word = listed[i / 2 / dresses / dresses];
        const char *before = around[i / 2 % dresses], *behind = around[i / 2 / dresses % dresses];
        snprintf(id, sizeof(id), "%s%s%s", before, word, behind);
        snprintf(other, sizeof(other), "%s%sz%s", before, word, behind);
        for (char *c = id; i % 2 && *c; c++)
            *c = (char)toupper((unsigned char)*c);
        assert_true(junk_ids_hold(&j, id));
        assert_false(junk_ids_hold(&j, other));
    }
}

static void test_an_empty_list(void **state)
{
    json_t *list = json_array();
    struct junk_ids j;
    junk_ids_read(&j, *state, list);
    json_decref(list);
    assert_false(junk_ids_hold(&j, "undefined"));
    assert_true(junk_ids_hold(&j, "0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_a_list_of_ones_own),
        cmocka_unit_test(test_every_dress),
        cmocka_unit_test(test_an_empty_list),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
