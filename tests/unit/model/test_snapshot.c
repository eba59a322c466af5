// SPDX-License-Identifier: GPL-3.0-or-later
/* A document that fits becomes a snapshot; one that does not is refused whole, with its pointer. */
#include "model/snapshot/snapshot.h"

#include "base/clock.h"
#include "base/json/field.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIGEST "0101010101010101010101010101010101010101010101010101010101010101"

/* Six levels of a condition. */
#define NOT(inner)  "{\"$not\":" inner "}"
#define DEEP(inner) NOT(NOT(NOT(NOT(NOT(NOT(inner))))))

#define DEEP_POINTER                                                                               \
    "/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not/$not"

/* One of everything. */
static const char whole[] =
    "{\"id\":7,\"key\":\"production\",\"is_panic\":false,\"currency\":\"EUR\","
    "\"origins\":[\"https://shop.example\"],\"allows_html\":false,"
    "\"tracking\":[{\"on\":\"click\",\"selector\":\"#buy\",\"name\":\"buy\"}],"
    "\"keys\":[{\"id\":4,\"sha256\":\"" DIGEST "\",\"role\":\"editor\",\"scopes\":[\"backfill\"]}],"
    "\"flags\":[{\"key\":\"cta\",\"default\":\"Go\"}],"
    "\"layers\":[{\"key\":\"l\",\"seed\":\"layer\"}],"
    "\"campaigns\":[{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\","
    "\"priority\":3,\"coverage\":0.5,\"schedule\":{\"start\":\"2027-01-01T00:00:00Z\","
    "\"end\":\"2027-02-01T00:00:00Z\"},\"forced\":{\"qa\":\"b\"},"
    "\"layer\":{\"key\":\"l\",\"ranges\":[[0,3000],[9000,10000]]},"
    "\"phase\":{\"number\":2,\"seed\":\"s\",\"triggers\":null,\"experiences\":[{\"key\":\"\","
    "\"audience\":{\"country\":\"DE\"},\"variants\":["
    "{\"key\":\"a\",\"weight\":0.5,\"is_control\":true,\"flags\":{},\"changes\":[]},"
    "{\"key\":\"b\",\"weight\":0.5,\"is_control\":false,\"flags\":{\"cta\":\"Buy\",\"gone\":1},"
    "\"changes\":[]}]}]}},"
    "{\"id\":2,\"key\":\"h\",\"kind\":\"holdout\",\"status\":\"paused\",\"priority\":0,"
    "\"coverage\":1,\"schedule\":null,\"forced\":{},\"layer\":null,"
    "\"phase\":{\"number\":1,\"seed\":\"h\",\"triggers\":null,\"experiences\":[{\"key\":\"\","
    "\"audience\":null,\"variants\":["
    "{\"key\":\"out\",\"weight\":0.1,\"is_control\":true,\"flags\":{},\"changes\":[]},"
    "{\"key\":\"in\",\"weight\":0.9,\"is_control\":false,\"flags\":{},\"changes\":[]}]}]}}]}";

/* 'whole' with its first 'old' replaced. */
static char *text_with(const char *old, const char *fresh)
{
    const char *at = strstr(whole, old);
    struct buf b = {0};
    if (!at)
        fail_msg("%s is not in the document", old);
    buf_add(&b, whole, (size_t)(at - whole));
    buf_add_str(&b, fresh);
    buf_add_str(&b, at + strlen(old));
    return b.data;
}

static struct snapshot *compile_with(const char *old, const char *fresh)
{
    struct fault fault;
    auto_free char *text = text_with(old, fresh);
    struct snapshot *s = snapshot_compile(3, text, strlen(text), &fault);
    if (!s)
        fail_msg("%s %s", fault.pointer, fault.detail);
    return s;
}

static void what_fits_is_read(void **state)
{
    (void)state;
    struct snapshot *s = compile_with("{", "{");
    assert_int_equal(s->version, 3);
    assert_int_equal(s->environment_id, 7);
    assert_string_equal(s->currency, "EUR");
    assert_int_equal(s->origin_count, 1);
    assert_int_equal(s->holdout_count, 1);
    assert_string_equal(s->campaigns[0].key, "h");
    const struct snapshot_campaign *c = &s->campaigns[1];
    assert_int_equal(s->running_count, 1);
    assert_ptr_equal(s->running[0], c);
    assert_int_equal(c->kind, CAMPAIGN_EXPERIMENT);
    assert_int_equal(c->end_us - c->start_us, 31 * DAY_US);
    assert_int_equal(c->range_count, 2);
    assert_int_equal(c->control, 0);
    assert_non_null(c->audience);
    assert_int_equal(snapshot_find_forced(c, "qa"), 1);
    assert_string_equal(c->rendered.text, ",{\"campaign\":\"x\",\"phase\":2,");
    assert_string_equal(c->variants[1].rendered.text,
                        "\"variant\":\"b\",\"is_control\":false,\"flags\":{\"cta\":\"Buy\"}");
    assert_false(s->has_holes);
    snapshot_unref(s);
}

static void keys_are_read(void **state)
{
    (void)state;
    struct snapshot *s = compile_with("{", "{");
    uint8_t sha256[32];
    memset(sha256, 1, sizeof(sha256));
    assert_int_equal(s->key_count, 1);
    const struct snapshot_key *key = &s->keys[0];
    assert_memory_equal(key->sha256, sha256, sizeof(sha256));
    assert_int_equal(key->id, 4);
    assert_int_equal(key->role, ROLE_EDITOR);
    assert_true(key->has_backfill);
    assert_ptr_equal(key->snapshot, s);
    snapshot_unref(s);
}

static void the_last_reference_frees(void **state)
{
    (void)state;
    struct snapshot *s = compile_with("{", "{");
    assert_ptr_equal(snapshot_ref(s), s);
    snapshot_unref(s);
    assert_string_equal(s->environment_key, "production");
    snapshot_unref(s);
    snapshot_unref(NULL);
}

/* In a flag's value, in the middle of one, and in a change. */
static void holes_are_filled(void **state)
{
    (void)state;
    static const struct {
        const char *value, *found, *rendered;
    } cases[] = {
        {"{\"$fill\":\"name\"}", "{\"name\":\"Ada\"}", "\"Ada\""},
        {"{\"$fill\":\"name\"}", "{\"other\":1}", "null"},
        {"{\"$fill\":\"name\"}", NULL, "null"},
        {"[{\"$fill\":\"a\"},7,{\"x\":{\"$fill\":\"b\"},\"y\":{\"$fill\":1}}]",
         "{\"a\":[1,2],\"b\":{\"c\":true}}", "[[1,2],7,{\"x\":{\"c\":true},\"y\":{\"$fill\":1}}]"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[512];
        auto_buf struct buf filled = {0};
        auto_json json_t *found = cases[i].found ? json_loads(cases[i].found, 0, NULL) : NULL;
        struct snapshot *s = compile_with("\"Buy\"", cases[i].value);
        assert_true(s->has_holes);
        snprintf(expected, sizeof(expected),
                 ",{\"campaign\":\"x\",\"phase\":2,\"variant\":\"b\",\"is_control\":false,"
                 "\"flags\":{\"cta\":%s},\"reason\":\"bucket\"}",
                 cases[i].rendered);
        snapshot_text_add(&filled, &s->campaigns[1].variants[1].served, found);
        assert_string_equal(filled.data, expected);
        assert_non_null(strstr(s->config.text, "\"cta\":"));
        assert_null(strstr(s->config.text, "$fill\":\""));
        snapshot_unref(s);
    }
}

/* What pages read says nothing that its absence says too; what a flag is stays as it is. */
static void replies_are_lean(void **state)
{
    (void)state;
    static const struct {
        const char *old, *fresh, *holds, *holds_not;
    } cases[] = {
        {"\"triggers\":null", "\"triggers\":{\"pages\":null,\"moments\":null}",
         "\"phase\":2,\"variant\"", "triggers"},
        {"\"triggers\":null", "\"triggers\":{\"pages\":[],\"moments\":[]}",
         "\"phase\":2,\"variant\"", "triggers"},
        {"\"triggers\":null",
         "\"triggers\":{\"pages\":[{\"match\":\"exact\",\"value\":\"/a\",\"is_excluded\":false}]}",
         "\"triggers\":{\"pages\":[{\"match\":\"exact\",\"value\":\"/a\"}]}", "is_excluded"},
        {"\"triggers\":null",
         "\"triggers\":{\"pages\":[{\"match\":\"exact\",\"value\":\"/a\",\"is_excluded\":true}]}",
         "\"is_excluded\":true", "false}]"},
        {"\"triggers\":null",
         "\"triggers\":{\"moments\":[{\"on\":\"scroll\",\"amount\":0,\"selector\":null,\"name\":"
         "null}]}",
         "{\"moments\":[{\"on\":\"scroll\",\"amount\":0}]}", "null"},
        {"\"Buy\"", "0", "\"cta\":0", "changes"},
        {"\"Buy\"", "false", "\"cta\":false", "changes"},
        {"\"Buy\"", "[]", "\"cta\":[]", "changes"},
        {"\"Buy\"", "{\"a\":null}", "\"cta\":{\"a\":null}", "changes"},
        {"\"Buy\"", "\"\"", "\"cta\":\"\"", "changes"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct snapshot *s = compile_with(cases[i].old, cases[i].fresh);
        const char *served = s->campaigns[1].variants[1].served.text;
        if (!strstr(served, cases[i].holds) || strstr(served, cases[i].holds_not))
            fail_msg("%s: %s", cases[i].fresh, served);
        snapshot_unref(s);
    }
}

static const struct {
    const char *old, *fresh, *pointer;
} bad[] = {
    {"\"id\":7", "\"id\":0", "/id"},
    {"\"id\":7,", "", "/id"},
    {"\"key\":\"production\"", "\"key\":\"Pro Duction\"", "/key"},
    {"\"is_panic\":false", "\"is_panic\":\"no\"", "/is_panic"},
    {"\"is_panic\":false", "\"is_panic\":null", "/is_panic"},
    {"\"currency\":\"EUR\"", "\"currency\":\"eur\"", "/currency"},
    {"\"origins\":[\"https://shop.example\"]", "\"origins\":[1]", "/origins/0"},
    {"\"allows_html\":false,", "", "/allows_html"},
    {"\"on\":\"click\"", "\"on\":\"hover\"", "/tracking/0/on"},
    {"\"sha256\":\"01", "\"sha256\":\"0g", "/keys/0/sha256"},
    {"\"sha256\":\"01", "\"sha256\":\"", "/keys/0/sha256"},
    {"\"role\":\"editor\"", "\"role\":\"owner\"", "/keys/0/role"},
    {"[\"backfill\"]", "[\"everything\"]", "/keys/0/scopes/0"},
    {"\"keys\":[",
     "\"keys\":[{\"id\":5,\"sha256\":\"" DIGEST "\",\"role\":\"client\",\"scopes\":[]},",
     "/keys/1"},
    {"{\"key\":\"cta\",\"default\":\"Go\"}", "{\"key\":\"cta\"},{\"key\":\"cta\"}", "/flags/1"},
    {"\"seed\":\"layer\"", "\"seed\":\"\"", "/layers/0/seed"},
    {"\"kind\":\"experiment\"", "\"kind\":\"personalization\"", "/campaigns/0/kind"},
    {"\"kind\":\"experiment\",", "", "/campaigns/0/kind"},
    {"\"status\":\"running\"", "\"status\":\"draft\"", "/campaigns/0/status"},
    {"\"status\":\"running\"", "\"status\":\"\"", "/campaigns/0/status"},
    {"\"priority\":3", "\"priority\":3.5", "/campaigns/0/priority"},
    {"\"priority\":3", "\"priority\":-1", "/campaigns/1"},
    {"\"coverage\":0.5,", "", "/campaigns/0/coverage"},
    {"\"coverage\":0.5", "\"coverage\":1.5", "/campaigns/0/coverage"},
    {"2027-01-01T00:00:00Z", "2027-13-01T00:00:00Z", "/campaigns/0/schedule/start"},
    {"2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "/campaigns/0/schedule/end"},
    {"\"start\"", "\"begin\"", "/campaigns/0/schedule/begin"},
    {"{\"qa\":\"b\"}", "{\"qa\":\"c\"}", "/campaigns/0/forced"},
    {"\"layer\":{\"key\":\"l\"", "\"layer\":{\"key\":\"m\"", "/campaigns/0/layer/key"},
    {"[9000,10000]", "[9000,10001]", "/campaigns/0/layer/ranges/1/1"},
    {"[9000,10000]", "[9000]", "/campaigns/0/layer/ranges/1"},
    {"[9000,10000]", "[9000,9000]", "/campaigns/0/layer/ranges/1"},
    {"\"layer\":null", "\"layer\":{\"key\":\"l\",\"ranges\":[]}", "/campaigns/1/layer/key"},
    {"\"number\":2", "\"number\":0", "/campaigns/0/phase/number"},
    {"\"seed\":\"s\",", "", "/campaigns/0/phase/seed"},
    {"\"triggers\":null", "\"triggers\":{\"sites\":[]}", "/campaigns/0/phase/triggers/sites"},
    {"[{\"key\":\"\",\"audience\":{", "[{\"key\":\"vip\",\"audience\":{",
     "/campaigns/0/phase/experiences"},
    {"{\"country\":\"DE\"}", "5", "/campaigns/0/phase/experiences/0/audience"},
    {"{\"country\":\"DE\"}", DEEP(DEEP(DEEP("{}"))),
     "/campaigns/0/phase/experiences/0/audience" DEEP_POINTER},
    {"\"weight\":0.5", "\"weight\":0.7", "/campaigns/0/phase/experiences/0/variants"},
    {"\"weight\":0.5", "\"weight\":\"half\"", "/campaigns/0/phase/experiences/0/variants/0/weight"},
    {"\"is_control\":true", "\"is_control\":false", "/campaigns/0/phase/experiences/0/variants"},
    {"\"weight\":0.5,\"is_control\":false", "\"weight\":0.5,\"is_control\":true",
     "/campaigns/0/phase/experiences/0/variants/1/is_control"},
    {"{\"key\":\"b\"", "{\"key\":\"a\"", "/campaigns/0/phase/experiences/0/variants/1/key"},
    {"{\"key\":\"in\",\"weight\":0.9,",
     "{\"key\":\"on\",\"weight\":0.0,\"is_control\":false},{\"key\":\"in\",\"weight\":0.9,",
     "/campaigns/1/phase/experiences/0/variants"},
    {"\"changes\":[]", "\"changes\":[{\"type\":\"explode\"}]",
     "/campaigns/0/phase/experiences/0/variants/0/changes/0/type"},
    {"\"id\":2,\"key\":\"h\"", "\"id\":1,\"key\":\"h\"", "/campaigns/1"},
    {"\"id\":2,\"key\":\"h\"", "\"id\":2,\"key\":\"x\"", "/campaigns/1"},
    {"\"kind\":\"holdout\"", "\"kind\":\"holdout\",\"cap\":3", "/campaigns/1/cap"},
    {"\"is_panic\":false", "\"is_panic\":false,\"is_calm\":true", "/is_calm"},
};

static void what_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct fault fault = {0};
        auto_free char *text = text_with(bad[i].old, bad[i].fresh);
        struct snapshot *s = snapshot_compile(1, text, strlen(text), &fault);
        if (s)
            fail_msg("%s for %s was taken", bad[i].fresh, bad[i].old);
        if (strcmp(fault.pointer, bad[i].pointer) != 0)
            fail_msg("%s for %s: %s %s", bad[i].fresh, bad[i].old, fault.pointer, fault.detail);
        assert_true(fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
    }
}

static void broken_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "[]", "7", "{\"id\":1,}", "{\"id\":1,\"id\":1}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fault fault = {0};
        auto_free char *text = mem_strdup(texts[i]);
        assert_null(snapshot_compile(1, text, strlen(text), &fault));
        assert_int_equal(fault.code, ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_read),
        cmocka_unit_test(keys_are_read),
        cmocka_unit_test(the_last_reference_frees),
        cmocka_unit_test(holes_are_filled),
        cmocka_unit_test(replies_are_lean),
        cmocka_unit_test(what_does_not_fit_is_refused_whole),
        cmocka_unit_test(broken_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
