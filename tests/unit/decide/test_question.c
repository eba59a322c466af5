// SPDX-License-Identifier: GPL-3.0-or-later
/* A body read in one walk says what it says when it is read over a tree; what is wrong is named. */
#include "decide/question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char document[] =
    "{\"id\":1,\"key\":\"e\",\"is_panic\":false,\"currency\":\"EUR\",\"origins\":[],\"allows_"
    "html\":false,"
    "\"tracking\":[],\"keys\":[],\"flags\":[],\"layers\":[],\"campaigns\":["
    "{\"id\":1,\"key\":\"a\",\"kind\":\"rollout\",\"status\":\"running\",\"priority\":0,"
    "\"coverage\":1,"
    "\"phase\":{\"number\":1,\"seed\":\"x\",\"experiences\":[{\"key\":\"\",\"variants\":["
    "{\"key\":\"on\",\"weight\":1,\"is_control\":false}],\"audience\":{\"country\":\"DE\","
    "\"age\":{\"$gte\":18},\"$or\":[{\"device.type\":\"m\"},{\"tags\":{\"$elemMatch\":{\"x\":1}}},"
    "{\"a\":1},{\"b\":1},{\"c\":1},{\"d\":1},{\"e\":1},{\"\":1},{\"größe\":1}]}}]}}]}";

static struct snapshot *snapshot;

static int set_up(void **state)
{
    (void)state;
    struct fault fault;
    char *text = strdup(document);
    snapshot = snapshot_compile(1, text, strlen(text), &fault);
    free(text);
    return snapshot ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    snapshot_unref(snapshot);
    return 0;
}

static bool is_same(const struct condition_value *a, const struct condition_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == CONDITION_STRING)
        return a->length == b->length && memcmp(a->text, b->text, a->length + 1) == 0;
    if (a->kind >= CONDITION_ARRAY)
        return json_equal(a->tree, b->tree);
    return a->number == b->number;
}

static bool is_same_list(const json_t *a, const json_t *b)
{
    return a && b ? json_equal(a, b) : a == b;
}

/* Reads a body as it stands, and with a member behind that only jansson can read. True when it is
 * right. */
static bool reads(const char *body)
{
    auto_arena struct arena *arena = arena_new(0);
    struct question plain, whole;
    struct fault fault = {0}, other = {0};
    size_t length = strlen(body);
    const char *end = strrchr(body, '}');
    char *text = arena_strdup(arena, body);
    char *escaped = end ? arena_printf(arena, "%.*s%s\"other\":\"\\n\"}%s", (int)(end - body), body,
                                       strchr(body, ':') ? "," : "", end + 1)
                        : arena_strdup(arena, body);
    enum err e = question_read(&plain, arena, snapshot, text, length, &fault),
             f = question_read(&whole, arena, snapshot, escaped, strlen(escaped), &other);
    if (e != f || strcmp(e ? fault.pointer : "", f ? other.pointer : "") != 0)
        fail_msg("%s: %s, %s", body, e ? fault.detail : "right", f ? other.detail : "right");
    for (size_t i = 0; !e && i < snapshot->names.count; i++)
        if (!is_same(&plain.attributes[i], &whole.attributes[i]))
            fail_msg("slot %zu of %s", i, body);
    if (!e) {
        assert_string_equal(plain.visitor_id, whole.visitor_id);
        assert_true(is_same_list(plain.campaigns, whole.campaigns));
    }
    question_done(&plain);
    question_done(&whole);
    return e == ERR_OK;
}

static void both_ways_agree(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool is_right;
    } cases[] = {
        {"{\"visitor_id\":\"v\"}", true},
        {" { \"visitor_id\" : \"v\" , \"attributes\" : { } } ", true},
        {"{\"visitor_id\":\"Zoë\",\"attributes\":{\"country\":\"DE\",\"age\":34}}", true},
        {"{\"attributes\":{\"größe\":\"groß\",\"\":null},\"visitor_id\":\"v\"}", true},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":true,\"b\":false,\"c\":-1.25,\"d\":0}}",
         true},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":\"\",\"b\":[1,\"x\"],\"device\":{\"type\":"
         "\"m\"}}}",
         true},
        {"{\"visitor_id\":\"v\",\"unasked\":[{\"x\":1}],\"attributes\":{\"more\":{\"y\":[]},\"a\":"
         "1}}",
         true},
        {"{\"visitor_id\":\"v\",\"campaigns\":[\"a\",\"b\"]}", true},
        {"{\"visitor_id\":\"v\",\"campaigns\":[]}", true},
        {"{\"visitor_id\":\"v\",\"campaigns\":[1]}", false},
        {"{\"visitor_id\":\"v\",\"campaigns\":null}", true},
        {"{\"visitor_id\":\"v\",\"attributes\":[]}", false},
        {"{\"visitor_id\":\"v\",\"attributes\":null}", true},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":1,\"a\":2}}", false},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"x\":1,\"x\":2}}", false},
        {"{\"visitor_id\":\"v\",\"visitor_id\":\"w\"}", false},
        {"{\"visitor_id\":\"\"}", false},
        {"{\"visitor_id\":1}", true},
        {"{\"visitor_id\":1.5}", false},
        {"{\"visitor_id\":null}", false},
        {"{\"visitor_id\":\"\x7f\"}", false},
        {"{}", false},
        {"[]", false},
        {"{\"visitor_id\":\"v\",}", false},
        {"{\"visitor_id\":\"v\"", false},
        {"{\"visitor_id\":\"v\"}}", false},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":01}}", false},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":tru}}", false},
        {"{\"visitor_id\":\"v\",\"attributes\":{\"a\":\"\xff\"}}", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (reads(cases[i].body) != cases[i].is_right)
            fail_msg("%s", cases[i].body);
}

static void many_members(void **state)
{
    (void)state;
    for (int count = 30; count < 36; count++) {
        auto_buf struct buf b = {0};
        buf_add_str(&b, "{\"visitor_id\":\"v\",\"attributes\":{\"a\":7");
        for (int i = 0; i < count; i++)
            buf_printf(&b, ",\"k%d\":%d", i, i);
        buf_add_str(&b, "}}");
        assert_true(reads(b.data));
    }
}

static void add_value(struct buf *b, int depth)
{
    static const char *const plain[] = {"1",    "-2.5",  "true", "null", "\"x\"",
                                        "\"\"", "\"é\"", "0",    "1e3",  "\"\\u0041\""};
    long kind = random() % (depth < 3 ? 12 : 10);
    if (kind < 10) {
        buf_add_str(b, plain[kind]);
        return;
    }
    buf_add_char(b, kind == 10 ? '[' : '{');
    for (long i = random() % 3; i > 0; i--) {
        if (kind == 11)
            buf_printf(b, "\"k%ld\":", i);
        add_value(b, depth + 1);
        if (i > 1)
            buf_add_char(b, ',');
    }
    buf_add_char(b, kind == 10 ? ']' : '}');
}

static void random_bodies(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b",       "c",      "d",    "e",
                                       "",  "country", "device", "tags", "x"};
    srandom(3);
    int right = 0;
    for (int i = 0; i < 20000; i++) {
        auto_buf struct buf b = {0};
        buf_add_str(&b, "{\"visitor_id\":\"v\",\"attributes\":{");
        for (long k = random() % 6; k > 0; k--) {
            buf_printf(&b, "\"%s\":", keys[random() % 10]);
            add_value(&b, 0);
            if (k > 1)
                buf_add_char(&b, ',');
        }
        buf_add_str(&b, "}}");
        if (random() % 4 == 0)
            b.data[(size_t)random() % b.length] = (char)("{}[],:\" 01a\xc3"[random() % 12]);
        right += reads(b.data);
    }
    assert_true(right > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(many_members),
        cmocka_unit_test(random_bodies),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
