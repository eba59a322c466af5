// SPDX-License-Identifier: GPL-3.0-or-later
/* Snapshot in, decisions out: the order of the steps, and what each of them says. */
#include "engine/decide.h"
#include "engine/question.h"

#include "base/clock.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VARIANTS                                                                                   \
    "[{\"key\":\"a\",\"weight\":0.5,\"is_control\":true,\"flags\":{}},"                            \
    "{\"key\":\"b\",\"weight\":0.5,\"flags\":{\"cta\":\"Buy\",\"gone\":1}}]"

struct world {
    struct arena *arena;
    struct snapshot *snapshot;
};

static struct world world_of(const char *campaigns, const char *more)
{
    auto_buf struct buf text = {0};
    struct fault fault;
    buf_printf(&text,
               "{\"environments\":[{\"id\":7,\"key\":\"production\",\"currency\":\"EUR\"%s,"
               "\"flags\":[{\"key\":\"cta\",\"default\":\"Go\"}],"
               "\"layers\":[{\"key\":\"l\",\"seed\":\"layer\"}],\"campaigns\":[%s]}]}",
               more, campaigns);
    struct world w = {.arena = arena_new(0)};
    w.snapshot = snapshot_compile(3, text.data, text.length, &fault);
    if (!w.snapshot)
        fail_msg("%s %s", fault.pointer, fault.detail);
    return w;
}

static void world_done(struct world *w)
{
    snapshot_free(w->snapshot);
    arena_free(w->arena);
}

static struct decision decide_one(struct world *w, size_t campaign, const char *visitor_id,
                                  const char *attributes, int64_t now_us)
{
    struct decide d;
    struct question q;
    struct fault fault;
    const struct snapshot_environment *e = &w->snapshot->environments[0];
    char *text =
        arena_printf(w->arena, "{\"visitor_id\":\"%s\",\"attributes\":%s}", visitor_id, attributes);
    if (question_read(&q, w->arena, e, text, strlen(text), &fault))
        fail_msg("%s", fault.detail);
    decide_init(&d, w->arena, e, q.visitor_id, q.attributes, now_us);
    struct decision alone = decide_campaign(&d, &e->campaigns[campaign]);
    decide_hash_all(&d, w->arena);
    struct decision among_all = decide_campaign(&d, &e->campaigns[campaign]);
    assert_int_equal(alone.variant, among_all.variant);
    assert_int_equal(alone.bucket, among_all.bucket);
    assert_int_equal(alone.reason, among_all.reason);
    question_done(&q);
    return alone;
}

static const char *reason_of(const char *campaign, const char *more, const char *attributes)
{
    struct world w = world_of(campaign, more);
    struct decision d = decide_one(&w, 0, "v1", attributes, INT64_C(1800000000) * SECOND_US);
    const char *reason = reason_name(d.reason);
    assert_int_equal(d.variant >= 0, d.reason <= REASON_PANIC);
    world_done(&w);
    return reason;
}

static void test_reasons(void **state)
{
    (void)state;
    static const struct {
        const char *reason, *members, *phase, *more, *attributes;
    } cases[] = {
        {"bucket", "\"status\":\"running\"", "", "", "{}"},
        {"not_running", "\"status\":\"paused\"", "", "", "{}"},
        {"not_running", "\"status\":\"stopped\"", "", ",\"is_panic\":true", "{}"},
        {"panic", "\"status\":\"running\"", "", ",\"is_panic\":true", "{}"},
        {"schedule", "\"status\":\"running\",\"schedule\":{\"start\":\"2027-02-01T00:00:00Z\"}", "",
         "", "{}"},
        {"schedule", "\"status\":\"running\",\"schedule\":{\"end\":\"2027-01-15T08:00:00Z\"}", "",
         "", "{}"},
        {"bucket", "\"status\":\"running\",\"schedule\":{\"end\":\"2027-01-15T08:00:01Z\"}", "", "",
         "{}"},
        {"bucket", "\"status\":\"running\",\"schedule\":{\"start\":\"2027-01-15T08:00:00Z\"}", "",
         "", "{}"},
        {"forced", "\"status\":\"running\",\"forced\":{\"v1\":\"a\"}", ",\"audience\":{\"x\":1}",
         "", "{}"},
        {"bucket", "\"status\":\"running\",\"forced\":{\"v1\":\"gone\",\"v2\":\"a\"}", "", "",
         "{}"},
        {"layer", "\"status\":\"running\",\"layer\":{\"key\":\"l\",\"ranges\":[]}", "", "", "{}"},
        {"bucket", "\"status\":\"running\",\"layer\":{\"key\":\"l\",\"ranges\":[[0,10000]]}", "",
         "", "{}"},
        {"audience", "\"status\":\"running\"", ",\"audience\":{\"country\":\"DE\"}", "",
         "{\"country\":\"FR\"}"},
        {"bucket", "\"status\":\"running\"", ",\"audience\":{\"country\":\"DE\"}", "",
         "{\"country\":\"DE\"}"},
        {"bucket", "\"status\":\"running\"", ",\"audience\":{}", "", "{}"},
        {"coverage", "\"status\":\"running\",\"coverage\":0", "", "", "{}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        auto_buf struct buf campaign = {0};
        buf_printf(&campaign,
                   "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",%s%s,\"phase\":{\"number\":1,"
                   "\"seed\":\"s\",\"variants\":" VARIANTS "%s}}",
                   cases[i].members, strstr(cases[i].members, "coverage") ? "" : ",\"coverage\":1",
                   cases[i].phase);
        assert_string_equal(reason_of(campaign.data, cases[i].more, cases[i].attributes),
                            cases[i].reason);
    }
}

#define HOLDOUT                                                                                    \
    "{\"id\":2,\"key\":\"h\",\"kind\":\"holdout\",\"status\":\"running\",\"coverage\":1,"          \
    "\"phase\":{\"number\":1,\"seed\":\"hold\",\"variants\":[{\"key\":\"out\",\"weight\":%s,"      \
    "\"is_control\":true},{\"key\":\"in\",\"weight\":%s}]}}"
#define EXPERIMENT(key, coverage, seed, extra)                                                     \
    "{\"id\":1,\"key\":\"" key                                                                     \
    "\",\"kind\":\"experiment\",\"status\":\"running\",\"coverage\":" coverage extra               \
    ",\"phase\":{\"number\":1,\"seed\":\"" seed "\",\"variants\":" VARIANTS "}}"

static void test_holdout_comes_first(void **state)
{
    (void)state;
    char text[2048];
    snprintf(text, sizeof(text), EXPERIMENT("x", "1", "s", "") "," HOLDOUT, "1.0", "0.0");
    struct world w = world_of(text, "");
    assert_string_equal(w.snapshot->environments[0].campaigns[0].key, "h");
    assert_int_equal(decide_one(&w, 0, "v1", "{}", 0).reason, REASON_BUCKET);
    assert_int_equal(decide_one(&w, 1, "v1", "{}", 0).reason, REASON_HOLDOUT);
    world_done(&w);
    snprintf(text, sizeof(text), EXPERIMENT("x", "1", "s", "") "," HOLDOUT, "0.0", "1.0");
    w = world_of(text, "");
    assert_int_equal(decide_one(&w, 1, "v1", "{}", 0).reason, REASON_BUCKET);
    world_done(&w);
}

static void test_layer_is_disjoint_and_whole(void **state)
{
    (void)state;
    struct world w = world_of(EXPERIMENT("x", "1", "s1",
                                         ",\"layer\":{\"key\":\"l\",\"ranges\":[[0,3000],[9000,"
                                         "10000]]}") "," EXPERIMENT("y", "1", "s2",
                                                                    ",\"layer\":{\"key\":\"l\","
                                                                    "\"ranges\":[[3000,9000]]}"),
                              "");
    int served[2] = {0};
    for (int i = 0; i < 20000; i++) {
        char id[32];
        snprintf(id, sizeof(id), "visitor-%d", i);
        bool in_x = decide_one(&w, 0, id, "{}", 0).variant >= 0;
        bool in_y = decide_one(&w, 1, id, "{}", 0).variant >= 0;
        assert_int_equal(in_x + in_y, 1);
        served[in_y]++;
        arena_reset(w.arena);
    }
    /* 40 % of 20,000 within four standard deviations */
    assert_in_range(served[0], 8000 - 277, 8000 + 277);
    world_done(&w);
}

static void test_growing_coverage_moves_nobody(void **state)
{
    (void)state;
    struct world small = world_of(EXPERIMENT("x", "0.1", "s", ""), "");
    struct world large = world_of(EXPERIMENT("x", "0.6", "s", ""), "");
    int kept = 0, joined = 0;
    for (int i = 0; i < 20000; i++) {
        char id[32];
        snprintf(id, sizeof(id), "visitor-%d", i);
        struct decision before = decide_one(&small, 0, id, "{}", 0),
                        after = decide_one(&large, 0, id, "{}", 0);
        if (before.variant >= 0) {
            assert_int_equal(before.variant, after.variant);
            kept++;
        } else {
            joined += after.variant >= 0;
        }
        arena_reset(small.arena);
        arena_reset(large.arena);
    }
    assert_in_range(kept, 2000 - 170, 2000 + 170);
    assert_in_range(joined, 10000 - 283, 10000 + 283);
    world_done(&small);
    world_done(&large);
}

static void test_rendered_parts(void **state)
{
    (void)state;
    struct world w =
        world_of(EXPERIMENT("x", "1", "s", ""),
                 ",\"keys\":[{\"id\":4,\"sha256\":"
                 "\"0101010101010101010101010101010101010101010101010101010101010101\","
                 "\"role\":\"editor\",\"scopes\":[\"backfill\"]}]");
    const struct snapshot_campaign *c = &w.snapshot->environments[0].campaigns[0];
    assert_string_equal(c->rendered.text, ",{\"campaign\":\"x\",\"phase\":1,");
    /* a flag that is gone is left out */
    assert_string_equal(c->variants[1].rendered.text,
                        "\"variant\":\"b\",\"is_control\":false,\"flags\":{\"cta\":\"Buy\"}");
    uint8_t sha256[32];
    memset(sha256, 1, sizeof(sha256));
    const struct snapshot_key *key = snapshot_find_key(w.snapshot, sha256);
    assert_non_null(key);
    assert_int_equal(key->id, 4);
    assert_int_equal(key->role, ROLE_EDITOR);
    assert_true(key->has_backfill);
    assert_int_equal(key->environment->id, 7);
    sha256[31] = 2;
    assert_null(snapshot_find_key(w.snapshot, sha256));
    world_done(&w);
}

static void test_broken_documents(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "[1,2", "{\"environments\":[{\"id\":1,}]}"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fault fault = {0};
        char *text = strdup(texts[i]);
        assert_null(snapshot_compile(1, text, strlen(text), &fault));
        assert_int_equal(fault.code, ERR_INVALID);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_holdout_comes_first),
        cmocka_unit_test(test_layer_is_disjoint_and_whole),
        cmocka_unit_test(test_growing_coverage_moves_nobody),
        cmocka_unit_test(test_rendered_parts),
        cmocka_unit_test(test_broken_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
