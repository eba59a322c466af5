// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition.h"
#include "model/metric/filter.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAIRS 6000

static PGconn *connection;

static json_t *json_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    return value;
}

/* What PostgreSQL answers: "t", "f", "" for unknown, or its complaint. */
static char *ask(const char *properties, const char *predicate)
{
    const char *values[] = {properties, predicate};
    PGresult *r = PQexecParams(connection, "select jsonb_path_match($1::jsonb, $2::jsonpath)", 2,
                               NULL, values, NULL, NULL, 0);
    bool is_good = PQresultStatus(r) == PGRES_TUPLES_OK;
    char *answer = strdup(is_good ? PQgetvalue(r, 0, 0) : PQresultErrorMessage(r));
    PQclear(r);
    return answer;
}

static void check_pair(const char *condition_text, const char *properties_text)
{
    struct fault fault;
    struct buf predicate = {0};
    json_t *condition = json_of(condition_text), *properties = json_of(properties_text);
    struct arena *arena = arena_new(0);
    const struct condition *compiled =
        condition_compile(arena, condition, CONDITION_STRICT, &fault);
    assert_non_null(compiled);
    if (filter_to_jsonpath(condition, &predicate, &fault))
        fail_msg("%s: %s: %s", condition_text, fault.pointer, fault.detail);
    char *answer = ask(properties_text, predicate.data);
    const char *expected = condition_matches(compiled, properties, NULL) ? "t" : "f";
    if (strcmp(answer, expected) != 0)
        fail_msg("%s on %s: '%s', not '%s': %s", condition_text, properties_text, answer, expected,
                 predicate.data);
    free(answer);
    buf_done(&predicate);
    arena_free(arena);
    json_decref(condition);
    json_decref(properties);
}

static void answers_known_cases(void **state)
{
    (void)state;
    static const char *const conditions[] = {
        "{}",
        "{\"a\": \"x\"}",
        "{\"a\": \"5\"}",
        "{\"a\": 5}",
        "{\"a\": 0}",
        "{\"a\": null}",
        "{\"a\": true}",
        "{\"a\": false}",
        "{\"a\": \"null\"}",
        "{\"a\": {\"$ne\": null}}",
        "{\"a\": {\"$ne\": 5}}",
        "{\"a\": {\"$gt\": -1}}",
        "{\"a\": {\"$lte\": \"Infinity\"}}",
        "{\"a\": {\"$gt\": \"abc\"}}",
        "{\"a\": {\"$in\": []}}",
        "{\"a\": {\"$nin\": []}}",
        "{\"a\": {\"$in\": [null, 5, \"x\", false]}}",
        "{\"a\": {\"$exists\": true}}",
        "{\"a\": {\"$not\": {\"$exists\": true}}}",
        "{\"a.b\": {\"$ne\": 1}}",
        "{\"a.b\": null}",
        "{\"$or\": []}",
        "{\"$nor\": [{\"a\": 5}, {\"a\": null}]}",
        "{\"$not\": {\"a\": {\"$lt\": 5}}}",
        "{\"\": 1}",
        "{\"a\": {\"$gte\": 5, \"$lt\": \"6\"}}",
    };
    static const char *const properties[] = {
        "{}",
        "{\"a\": null}",
        "{\"a\": true}",
        "{\"a\": false}",
        "{\"a\": 5}",
        "{\"a\": 5.0}",
        "{\"a\": -0.5}",
        "{\"a\": \"5\"}",
        "{\"a\": \" 5 \"}",
        "{\"a\": \"\"}",
        "{\"a\": \"x\"}",
        "{\"a\": \"null\"}",
        "{\"a\": {\"b\": 1}}",
        "{\"a\": {\"b\": null}}",
        "{\"a\": {}}",
        "{\"\": 1}",
    };
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
        for (size_t j = 0; j < sizeof(properties) / sizeof(properties[0]); j++)
            check_pair(conditions[i], properties[j]);
}

/* Texts and keys that try to end their literal. */
static void nothing_breaks_out(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\"",   "\\",        "\\\"",     "') --",   "\" || 1 == 1 || \"", "$.a",  "\n",   "\x01",
        "\x7f", "</script>", "ä😀",       "\\u0041", "a\" == \"a",         "${a}", "%s%n", "*",
        "[0]",  "?(@ > 1)",  "strict $",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        json_t *value = json_pack("{s:s}", "a", texts[i]), *key = json_pack("{s:i}", texts[i], 7);
        char *value_text = json_dumps(value, 0), *key_text = json_dumps(key, 0);
        check_pair(value_text, value_text);
        check_pair(value_text, "{\"a\": \"other\"}");
        if (!strchr(texts[i], '.') && texts[i][0] != '$') {
            check_pair(key_text, key_text);
            check_pair(key_text, "{\"a\": 7}");
        }
        free(value_text);
        free(key_text);
        json_decref(value);
        json_decref(key);
    }
}

static unsigned next_random(unsigned below)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % below;
}

static json_t *random_scalar(void)
{
    static const char *const scalars[] = {
        "null",   "true",    "false",   "0",       "1",       "-1",       "5",        "5.5",
        "0.1",    "1e3",     "100",     "2.50",    "\"\"",    "\" \"",    "\"0\"",    "\"5\"",
        "\"05\"", "\"5.0\"", "\"a\"",   "\"b\"",   "\"B\"",   "\"true\"", "\"null\"", "\" 1\\n\"",
        "\"-1\"", "\".5\"",  "\"5.\"",  "\"1e3\"", "\"1e\"",  "\"ä\"",    "\"DE\"",   "\"10\"",
        "\"9\"",  "\"+5\"",  "\"--5\"", "\"1 2\"", "\"100\"",
    };
    return json_of(scalars[next_random(sizeof(scalars) / sizeof(scalars[0]))]);
}

static json_t *random_operand(const char *name)
{
    if (strcmp(name, "$exists") == 0)
        return json_boolean(next_random(2));
    if (strstr(name, "in")) {
        json_t *list = json_array();
        for (unsigned n = next_random(4); n > 0; n--)
            json_array_append_new(list, random_scalar());
        return list;
    }
    json_t *operand = random_scalar();
    bool is_order = name[1] == 'g' || name[1] == 'l';
    while (is_order && !json_is_number(operand) && !json_is_string(operand)) {
        json_decref(operand);
        operand = random_scalar();
    }
    return operand;
}

static json_t *random_test(unsigned depth)
{
    static const char *const operators[] = {"$eq",  "$ne", "$gt",  "$gte",   "$lt",
                                            "$lte", "$in", "$nin", "$exists"};
    if (next_random(4) == 0)
        return random_scalar();
    json_t *test = json_object();
    if (depth < 2 && next_random(5) == 0) {
        json_object_set_new(test, "$not", random_test(depth + 1));
        return test;
    }
    for (unsigned n = 1 + next_random(2); n > 0; n--) {
        const char *name = operators[next_random(sizeof(operators) / sizeof(operators[0]))];
        json_object_set_new(test, name, random_operand(name));
    }
    return test;
}

static json_t *random_condition(unsigned depth)
{
    static const char *const paths[] = {"a", "b", "c.d", "c.e.f", "a.b"};
    static const char *const lists[] = {"$and", "$or", "$nor"};
    json_t *condition = json_object();
    for (unsigned n = 1 + next_random(2); n > 0; n--)
        json_object_set_new(condition, paths[next_random(5)], random_test(0));
    if (depth < 2 && next_random(3) == 0) {
        json_t *list = json_array();
        for (unsigned n = next_random(3); n > 0; n--)
            json_array_append_new(list, random_condition(depth + 1));
        json_object_set_new(condition, lists[next_random(3)], list);
    }
    if (depth < 2 && next_random(6) == 0)
        json_object_set_new(condition, "$not", random_condition(depth + 1));
    return condition;
}

static json_t *random_properties(void)
{
    json_t *properties = json_object();
    if (next_random(4))
        json_object_set_new(properties, "a", random_scalar());
    if (next_random(4))
        json_object_set_new(properties, "b", random_scalar());
    if (next_random(3) == 0)
        json_object_set_new(properties, "c", random_scalar());
    else if (next_random(4))
        json_object_set_new(
            properties, "c",
            json_pack("{s:o,s:{s:o}}", "d", random_scalar(), "e", "f", random_scalar()));
    return properties;
}

static void equals_condition_on_random_pairs(void **state)
{
    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        json_t *condition = random_condition(0), *properties = random_properties();
        char *condition_text = json_dumps(condition, 0);
        char *properties_text = json_dumps(properties, JSON_REAL_PRECISION(15));
        check_pair(condition_text, properties_text);
        free(condition_text);
        free(properties_text);
        json_decref(condition);
        json_decref(properties);
    }
}

static void refuses_what_it_cannot_say(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *pointer;
    } cases[] = {
        {"{\"a\": {\"$regex\": \"x\"}}", "/a/$regex"},
        {"{\"a\": {\"$size\": 1}}", "/a/$size"},
        {"{\"a\": {\"$gt\": 1, \"$veq\": \"1.0\"}}", "/a/$veq"},
        {"{\"a\": {\"$elemMatch\": {\"b\": 1}}}", "/a/$elemMatch"},
        {"{\"a\": {\"$inGroup\": \"g\"}}", "/a/$inGroup"},
        {"{\"a\": {\"$nope\": 1}}", "/a/$nope"},
        {"{\"a\": [1]}", "/a"},
        {"{\"a\": {\"b\": 1}}", "/a"},
        {"{\"a\": {\"$in\": [1, [2]]}}", "/a/$in/1"},
        {"{\"a\": {\"$in\": 1}}", "/a/$in"},
        {"{\"a\": {\"$gt\": true}}", "/a/$gt"},
        {"{\"a\": {\"$exists\": 1}}", "/a/$exists"},
        {"{\"items.0.price\": 1}", "/items.0.price"},
        {"{\"$or\": [{\"a\": 1}, {\"b\": {\"$all\": []}}]}", "/$or/1/b/$all"},
        {"{\"$or\": {}}", "/$or"},
        {"{\"$not\": 1}", "/$not"},
        {"{\"$gt\": 1}", "/$gt"},
        {"{\"a\": {\"$not\": {\"$type\": \"string\"}}}", "/a/$not/$type"},
        {"[]", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = {0};
        struct buf out = {0};
        json_t *condition = json_of(cases[i].condition);
        assert_int_equal(filter_to_jsonpath(condition, &out, &fault), ERR_INVALID);
        assert_string_equal(fault.pointer, cases[i].pointer);
        assert_true(strlen(fault.detail) > 10);
        assert_int_equal(out.length, 0);
        json_decref(condition);
        buf_done(&out);
    }
}

static void refuses_a_nul(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct buf out = {0};
    json_t *condition = json_pack("{s:o}", "a", json_stringn("x\0y", 3));
    assert_int_equal(filter_to_jsonpath(condition, &out, &fault), ERR_INVALID);
    assert_string_equal(fault.pointer, "/a");
    json_decref(condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_known_cases),
        cmocka_unit_test(nothing_breaks_out),
        cmocka_unit_test(equals_condition_on_random_pairs),
        cmocka_unit_test(refuses_what_it_cannot_say),
        cmocka_unit_test(refuses_a_nul),
    };
    pg_harness_start();
    connection = pg_harness_connect(pg_harness_database("filter"));
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    PQfinish(connection);
    return failed;
}
