// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The answers stand in condition_cases.jsonl, one [name, expected, condition, attributes, groups?]
 * a line; condition_js.mjs checks the same table against JavaScript.
 */
#include "model/condition/condition.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *json_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    if (!value)
        fail_msg("not JSON: %s", text);
    return value;
}

/* The condition must outlive its document. */
static void check_case(const char *line)
{
    json_t *row = json_of(line);
    const char *name = json_string_value(json_array_get(row, 0));
    struct arena *arena = arena_new(0);
    struct fault fault;
    json_t *document = json_deep_copy(json_array_get(row, 2));
    const struct condition *condition =
        condition_compile(arena, document, CONDITION_LENIENT, &fault);
    json_decref(document);
    if (!condition)
        fail_msg("%s: %s %s", name, fault.pointer, fault.detail);
    if (condition_matches(condition, json_array_get(row, 3), json_array_get(row, 4)) !=
        json_is_true(json_array_get(row, 1)))
        fail_msg("%s: wrong answer: %s", name, line);
    arena_free(arena);
    json_decref(row);
}

static void answers_the_table(void **state)
{
    (void)state;
    FILE *table = fopen(CASES, "r");
    assert_non_null(table);
    char *line = NULL;
    size_t size = 0;
    unsigned count = 0;
    for (; getline(&line, &size, table) > 0; count++)
        check_case(line);
    free(line);
    fclose(table);
    assert_true(count > 250);
}

static void strict_names_the_pointer(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *pointer, *word;
    } cases[] = {
        {"[]", "", "object"},
        {"\"x\"", "", "object"},
        {"{\"a\": {\"$near\": 1}}", "/a/$near", "no such operator"},
        {"{\"a\": {\"$or\": []}}", "/a/$or", "no such operator"},
        {"{\"$gt\": 1}", "/$gt", "field"},
        {"{\"a\": {\"$gt\": 1, \"b\": 2}}", "/a", "operators and plain keys"},
        {"{\"a\": {\"$gt\": true}}", "/a/$gt", "number or a string"},
        {"{\"a\": {\"$lte\": null}}", "/a/$lte", "number or a string"},
        {"{\"a\": {\"$in\": \"x\"}}", "/a/$in", "list"},
        {"{\"a\": {\"$nini\": {}}}", "/a/$nini", "list"},
        {"{\"a\": {\"$all\": \"x\"}}", "/a/$all", "list"},
        {"{\"a\": {\"$exists\": 1}}", "/a/$exists", "true or false"},
        {"{\"a\": {\"$eq\": [1]}}", "/a/$eq", "array"},
        {"{\"a\": {\"$ne\": {}}}", "/a/$ne", "array"},
        {"{\"a\": {\"$size\": \"2\"}}", "/a/$size", "whole number"},
        {"{\"a\": {\"$size\": 1.5}}", "/a/$size", "whole number"},
        {"{\"a\": {\"$elemMatch\": 5}}", "/a/$elemMatch", "condition"},
        {"{\"a\": {\"$inGroup\": 5}}", "/a/$inGroup", "saved group"},
        {"{\"a\": {\"$type\": \"undefined\"}}", "/a/$type", "string, number"},
        {"{\"a\": {\"$veq\": 1}}", "/a/$veq", "version"},
        {"{\"a\": {\"$regex\": 5}}", "/a/$regex", "string"},
        {"{\"a\": {\"$regex\": \"(\"}}", "/a/$regex", "not closed"},
        {"{\"a\": {\"$notRegexi\": \"a**\"}}", "/a/$notRegexi", "nothing to repeat"},
        {"{\"a\": {\"$regex\": \"(?<=a+)b\"}}", "/a/$regex", "lookbehind"},
        {"{\"$and\": {}}", "/$and", "list"},
        {"{\"$not\": []}", "/$not", "object"},
        {"{\"$or\": [{\"a\": 1}, 5]}", "/$or/1", "object"},
        {"{\"$or\": [{\"x/y\": {\"$not\": {\"$bad\": 1}}}]}", "/$or/0/x~1y/$not/$bad", "operator"},
        {"{\"a\": {\"$all\": [1, {\"$bad\": 1}]}}", "/a/$all/1/$bad", "operator"},
        {"{\"a\": {\"$elemMatch\": {\"b\": {\"$bad\": 1}}}}", "/a/$elemMatch/b/$bad", "operator"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_new(0);
        struct fault fault = {0};
        json_t *document = json_of(cases[i].condition);
        if (condition_compile(arena, document, CONDITION_STRICT, &fault))
            fail_msg("taken: %s", cases[i].condition);
        assert_int_equal(fault.code, ERR_INVALID);
        assert_string_equal(fault.pointer, cases[i].pointer);
        if (!strstr(fault.detail, cases[i].word))
            fail_msg("%s: %s", cases[i].condition, fault.detail);
        json_decref(document);
        arena_free(arena);
    }
}

static void strict_takes_what_is_right(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct fault fault;
    json_t *document = json_of(
        "{\"a\": {\"$gte\": 1, \"$lt\": \"9\"}, \"b\": {\"$in\": [1, \"x\", null]}, \"c\": [1],"
        " \"d\": {\"k\": 1}, \"e.f\": {\"$size\": {\"$gt\": 1}}, \"$or\": [], \"$not\": {},"
        " \"g\": {\"$elemMatch\": {\"h\": 1}}, \"i\": {\"$not\": {\"$regex\": \"^a\"}},"
        " \"j\": {\"$vgt\": \"1.2\"}, \"k\": {\"$type\": \"array\"}, \"l\": {\"$inGroup\": "
        "\"g\"}}");
    assert_non_null(condition_compile(arena, document, CONDITION_STRICT, &fault));
    json_decref(document);
    arena_free(arena);
}

/* 'open', n times, around 'core', then 'close', n times. */
static json_t *nested(const char *open, const char *core, const char *close, int n)
{
    auto_buf struct buf text = {0};
    for (int i = 0; i < n; i++)
        buf_add_str(&text, open);
    buf_add_str(&text, core);
    for (int i = 0; i < n; i++)
        buf_add_str(&text, close);
    return json_of(text.data);
}

static enum err compile_and_drop(json_t *document)
{
    struct arena *arena = arena_new(0);
    struct fault fault = {0};
    bool is_good = condition_compile(arena, document, CONDITION_LENIENT, &fault);
    json_decref(document);
    arena_free(arena);
    return is_good ? ERR_OK : fault.code;
}

static void depth_is_limited(void **state)
{
    (void)state;
    assert_int_equal(compile_and_drop(nested("{\"$not\":", "{}", "}", 15)), ERR_OK);
    assert_int_equal(compile_and_drop(nested("{\"$not\":", "{}", "}", 16)), ERR_TOO_LARGE);
    assert_int_equal(compile_and_drop(nested("{\"$or\":[", "{}", "]}", 7)), ERR_OK);
    assert_int_equal(compile_and_drop(nested("{\"$or\":[", "{}", "]}", 8)), ERR_TOO_LARGE);
    json_t *list = json_pack("{s:o}", "a", nested("[", "1", "]", 500));
    assert_int_equal(compile_and_drop(list), ERR_TOO_LARGE);
    json_t *test = json_pack("{s:o}", "a", nested("{\"$not\":", "1", "}", 500));
    assert_int_equal(compile_and_drop(test), ERR_TOO_LARGE);
}

static json_t *list_of(int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_integer(i));
    return list;
}

static void values_are_limited(void **state)
{
    (void)state;
    assert_int_equal(compile_and_drop(json_pack("{s:{s:o}}", "a", "$in", list_of(998))), ERR_OK);
    assert_int_equal(compile_and_drop(json_pack("{s:{s:o}}", "a", "$in", list_of(999))),
                     ERR_TOO_LARGE);
    assert_int_equal(compile_and_drop(json_pack("{s:{s:o}}", "a", "$all", list_of(999))),
                     ERR_TOO_LARGE);
    assert_int_equal(compile_and_drop(json_pack("{s:o}", "a", list_of(999))), ERR_TOO_LARGE);
}

static void patterns_are_limited(void **state)
{
    (void)state;
    char pattern[1002];
    memset(pattern, 'a', sizeof(pattern));
    json_t *fits = json_pack("{s:{s:s#}}", "a", "$regex", pattern, 1000);
    json_t *over = json_pack("{s:{s:s#}}", "a", "$regex", pattern, 1001);
    assert_int_equal(compile_and_drop(fits), ERR_OK);
    assert_int_equal(compile_and_drop(over), ERR_TOO_LARGE);
}

/* A group is only as good as what is passed: anything but an array has no members. */
static void odd_groups_are_empty(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct fault fault;
    json_t *document = json_of("{\"id\": {\"$inGroup\": \"g\"}}");
    json_t *attributes = json_of("{\"id\": \"x\"}");
    const struct condition *condition =
        condition_compile(arena, document, CONDITION_STRICT, &fault);
    static const char *const groups[] = {"{}", "[]", "{\"g\": \"x\"}", "{\"g\": {\"x\": 1}}",
                                         "{\"g\": null}"};
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        json_t *given = json_of(groups[i]);
        assert_false(condition_matches(condition, attributes, given));
        json_decref(given);
    }
    json_decref(document);
    json_decref(attributes);
    arena_free(arena);
}

/* A search given up at its limits says neither yes nor no. */
static void hopeless_patterns_match_nothing(void **state)
{
    (void)state;
    static const char *const conditions[] = {"{\"v\": {\"$regex\": \"^(a+)+$\"}}",
                                             "{\"v\": {\"$notRegex\": \"^(a+)+$\"}}"};
    json_t *attributes = json_of("{\"v\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_new(0);
        struct fault fault;
        json_t *document = json_of(conditions[i]);
        const struct condition *condition =
            condition_compile(arena, document, CONDITION_STRICT, &fault);
        assert_false(condition_matches(condition, attributes, NULL));
        json_decref(document);
        arena_free(arena);
    }
    json_decref(attributes);
}

/* What a double does not hold; JavaScript cannot answer these. [condition, attributes, answer] */
static void compares_large_numbers_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *attributes;
        bool answer;
    } rows[] = {
        {"{\"id\":{\"$eq\":76561198060487740}}", "{\"id\":76561198060487741}", false},
        {"{\"id\":{\"$eq\":76561198060487741}}", "{\"id\":76561198060487741}", true},
        {"{\"id\":{\"$ne\":76561198060487740}}", "{\"id\":76561198060487741}", true},
        {"{\"id\":9007199254740993}", "{\"id\":9007199254740992}", false},
        {"{\"id\":9007199254740993}", "{\"id\":9007199254740993}", true},
        {"{\"id\":9007199254740993}", "{\"id\":\"9007199254740993\"}", true},
        {"{\"id\":9007199254740993}", "{\"id\":\"9007199254740992\"}", false},
        {"{\"id\":\"9007199254740993\"}", "{\"id\":9007199254740993}", true},
        {"{\"id\":{\"$gt\":9007199254740992}}", "{\"id\":9007199254740993}", true},
        {"{\"id\":{\"$gt\":9007199254740993}}", "{\"id\":9007199254740993}", false},
        {"{\"id\":{\"$gte\":9007199254740993}}", "{\"id\":9007199254740992}", false},
        {"{\"id\":{\"$lt\":9007199254740993}}", "{\"id\":9007199254740992}", true},
        {"{\"id\":{\"$gt\":\"9007199254740992\"}}", "{\"id\":9007199254740993}", true},
        {"{\"id\":{\"$in\":[1,9007199254740993]}}", "{\"id\":9007199254740992}", false},
        {"{\"id\":{\"$in\":[1,9007199254740993]}}", "{\"id\":[9007199254740993]}", true},
        {"{\"id\":{\"$nin\":[9007199254740993]}}", "{\"id\":9007199254740992}", true},
        {"{\"id\":{\"$all\":[9007199254740993]}}", "{\"id\":[9007199254740992]}", false},
        {"{\"id\":[9007199254740993]}", "{\"id\":[9007199254740992]}", false},
        {"{\"id\":{\"$lt\":-9007199254740992}}", "{\"id\":-9007199254740993}", true},
        {"{\"id\":{\"$eq\":9223372036854775807}}", "{\"id\":9223372036854775806}", false},
        {"{\"id\":{\"$eq\":1e18}}", "{\"id\":1000000000000000000}", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *arena = arena_new(0);
        struct fault fault;
        json_t *document = json_of(rows[i].condition), *attributes = json_of(rows[i].attributes);
        const struct condition *c = condition_compile(arena, document, CONDITION_LENIENT, &fault);
        assert_non_null(c);
        if (condition_matches(c, attributes, NULL) != rows[i].answer)
            fail_msg("%s %s", rows[i].condition, rows[i].attributes);
        json_decref(document);
        json_decref(attributes);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_the_table),
        cmocka_unit_test(compares_large_numbers_exactly),
        cmocka_unit_test(strict_names_the_pointer),
        cmocka_unit_test(strict_takes_what_is_right),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(values_are_limited),
        cmocka_unit_test(patterns_are_limited),
        cmocka_unit_test(odd_groups_are_empty),
        cmocka_unit_test(hopeless_patterns_match_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
