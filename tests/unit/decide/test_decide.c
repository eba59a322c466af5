// SPDX-License-Identifier: GPL-3.0-or-later
/* Snapshot in, decisions out: the order of the steps, and what each of them says. */
#include "decide/decide.h"
#include "decide/question.h"

#include "base/clock.h"
#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VARIANTS                                                                                   \
    "[{\"key\":\"a\",\"weight\":0.5,\"is_control\":true,\"flags\":{}},"                            \
    "{\"key\":\"b\",\"weight\":0.5,\"is_control\":false,\"flags\":{\"cta\":\"Buy\",\"gone\":1}}]"

struct world {
    struct arena *arena;
    struct snapshot *snapshot;
};

static struct world world_of(const char *campaigns, const char *more)
{
    auto_buf struct buf text = {0};
    struct fault fault;
    buf_printf(&text,
               "{\"id\":7,\"key\":\"production\",\"currency\":\"EUR\",\"origins\":[],\"allows_"
               "html\":false,"
               "\"tracking\":[]%s%s%s,\"flags\":[{\"key\":\"cta\",\"default\":\"Go\"}],"
               "\"layers\":[{\"key\":\"l\",\"seed\":\"layer\"}],\"campaigns\":[%s]}",
               more, strstr(more, "is_panic") ? "" : ",\"is_panic\":false",
               strstr(more, "keys") ? "" : ",\"keys\":[]", campaigns);
    struct world w = {.arena = arena_new(0)};
    w.snapshot = snapshot_compile(3, text.data, text.length, &fault);
    if (!w.snapshot)
        fail_msg("%s %s", fault.pointer, fault.detail);
    return w;
}

static void world_done(struct world *w)
{
    snapshot_unref(w->snapshot);
    arena_free(w->arena);
}

static struct decision decide_one(struct world *w, size_t campaign, const char *visitor_id,
                                  const char *attributes, int64_t now_us)
{
    struct decide d;
    struct question q;
    struct fault fault;
    const struct snapshot *e = w->snapshot;
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
        {"panic", "\"status\":\"running\",\"forced\":{\"v1\":\"b\"}", "", ",\"is_panic\":true",
         "{}"},
        {"schedule", "\"status\":\"running\",\"schedule\":{\"start\":\"2027-02-01T00:00:00Z\"}", "",
         ",\"is_panic\":true", "{}"},
        {"layer", "\"status\":\"running\",\"layer\":{\"key\":\"l\",\"ranges\":[]}", "",
         ",\"is_panic\":true", "{}"},
        {"audience", "\"status\":\"running\"", ",\"audience\":{\"country\":\"DE\"}",
         ",\"is_panic\":true", "{\"country\":\"FR\"}"},
        {"coverage", "\"status\":\"running\",\"coverage\":0", "", ",\"is_panic\":true", "{}"},
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
        {"bucket", "\"status\":\"running\",\"forced\":{\"v2\":\"a\"}", "", "", "{}"},
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
                   "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"priority\":0,%s%s,"
                   "\"phase\":{\"number\":1,\"seed\":\"s\","
                   "\"experiences\":[{\"key\":\"\",\"variants\":" VARIANTS "%s}]}}",
                   cases[i].members, strstr(cases[i].members, "coverage") ? "" : ",\"coverage\":1",
                   cases[i].phase);
        assert_string_equal(reason_of(campaign.data, cases[i].more, cases[i].attributes),
                            cases[i].reason);
    }
}

#define PHASE(seed, variants)                                                                      \
    "\"phase\":{\"number\":1,\"seed\":\"" seed                                                     \
    "\",\"experiences\":[{\"key\":\"\",\"variants\":" variants "}]}"
#define HOLDOUT                                                                                    \
    "{\"id\":9,\"key\":\"h\",\"kind\":\"holdout\",\"status\":\"running\",\"priority\":0,"          \
    "\"coverage\":1," PHASE("hold", "[{\"key\":\"in\",\"weight\":%s,\"is_control\":false},"        \
                                    "{\"key\":\"out\",\"weight\":%s,\"is_control\":true}]") "}"
#define EXPERIMENT(id, key, coverage, seed, extra)                                                 \
    "{\"id\":" id ",\"key\":\"" key                                                                \
    "\",\"kind\":\"experiment\",\"status\":\"running\",\"priority\":0,\"coverage\":" coverage      \
        extra "," PHASE(seed, VARIANTS) "}"

static void test_holdout_comes_first(void **state)
{
    (void)state;
    char text[2048];
    snprintf(text, sizeof(text), EXPERIMENT("1", "x", "1", "s", "") "," HOLDOUT, "0.0", "1.0");
    struct world w = world_of(text, "");
    assert_string_equal(w.snapshot->campaigns[0].key, "h");
    assert_int_equal(decide_one(&w, 0, "v1", "{}", 0).reason, REASON_BUCKET);
    assert_int_equal(decide_one(&w, 1, "v1", "{}", 0).reason, REASON_HOLDOUT);
    world_done(&w);
    snprintf(text, sizeof(text), EXPERIMENT("1", "x", "1", "s", "") "," HOLDOUT, "1.0", "0.0");
    w = world_of(text, "");
    assert_int_equal(decide_one(&w, 1, "v1", "{}", 0).reason, REASON_BUCKET);
    world_done(&w);
}

/* The control in place of whatever variant was found, and of a holdout its own: who is held out
 * stays so. */
static void test_panic_serves_the_control_to_the_served(void **state)
{
    (void)state;
    char text[2048];
    snprintf(text, sizeof(text), EXPERIMENT("1", "x", "0.5", "s", "") "," HOLDOUT, "0.7", "0.3");
    struct world calm = world_of(text, ""), panicked = world_of(text, ",\"is_panic\":true");
    int served = 0, unserved = 0;
    for (int i = 0; i < 2000; i++) {
        char id[32];
        snprintf(id, sizeof(id), "visitor-%d", i);
        for (size_t campaign = 0; campaign < 2; campaign++) {
            struct decision was = decide_one(&calm, campaign, id, "{}", 0),
                            is = decide_one(&panicked, campaign, id, "{}", 0);
            served += is.variant >= 0;
            unserved += is.variant < 0;
            assert_int_equal(is.variant,
                             was.variant < 0 ? -1 : calm.snapshot->campaigns[campaign].control);
            assert_int_equal(is.reason, was.variant < 0 ? was.reason : REASON_PANIC);
        }
        arena_reset(calm.arena);
        arena_reset(panicked.arena);
    }
    assert_true(served > 2000 && unserved > 500);
    world_done(&calm);
    world_done(&panicked);
}

/* "running+ forced+": each step and whether it was passed */
static const char *trace_of(struct world *w, const char *visitor_id)
{
    struct decide_step steps[DECIDE_STEPS];
    struct decision d = decide_one(w, 0, visitor_id, "{}", 0);
    size_t count = decide_trace(&d, steps);
    char *text = arena_strdup(w->arena, "");
    for (size_t i = 0; i < count; i++)
        text = arena_printf(w->arena, "%s%s%s%c", text, i ? " " : "", steps[i].name,
                            steps[i].has_passed ? '+' : '-');
    return text;
}

static void test_traces(void **state)
{
    (void)state;
    static const struct {
        const char *coverage, *more, *visitor_id, *trace;
    } cases[] = {
        {"1", "", "v1", "running+ schedule+ holdout+ layer+ audience+ bucket+"},
        {"0", "", "v1", "running+ schedule+ holdout+ layer+ audience+ bucket-"},
        {"1", "", "qa", "running+ schedule+ forced+"},
        {"1", "", "undefined", "running+ visitor-"},
        {"1", ",\"is_panic\":true", "0000", "running+ visitor-"},
        {"1", ",\"is_panic\":true", "v1",
         "running+ schedule+ holdout+ layer+ audience+ bucket+ panic+"},
        {"0", ",\"is_panic\":true", "v1", "running+ schedule+ holdout+ layer+ audience+ bucket-"},
        {"1", ",\"is_panic\":true", "qa", "running+ schedule+ forced+ panic+"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char campaign[1024];
        snprintf(
            campaign, sizeof(campaign),
            "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\","
            "\"priority\":0,\"coverage\":%s,\"forced\":{\"qa\":\"b\"}," PHASE("s", VARIANTS) "}",
            cases[i].coverage);
        struct world w = world_of(campaign, cases[i].more);
        assert_string_equal(trace_of(&w, cases[i].visitor_id), cases[i].trace);
        world_done(&w);
    }
}

static void test_layer_is_disjoint_and_whole(void **state)
{
    (void)state;
    struct world w = world_of(EXPERIMENT("1", "x", "1", "s1",
                                         ",\"layer\":{\"key\":\"l\",\"ranges\":[[0,3000],[9000,"
                                         "10000]]}") "," EXPERIMENT("2", "y", "1", "s2",
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
    struct world small = world_of(EXPERIMENT("1", "x", "0.1", "s", ""), "");
    struct world large = world_of(EXPERIMENT("1", "x", "0.6", "s", ""), "");
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

#define HELD(out, in)                                                                              \
    "{\"id\":9,\"key\":\"h\",\"kind\":\"holdout\",\"status\":\"running\",\"priority\":0,"          \
    "\"coverage\":1," PHASE("hold",                                                                \
                            "[{\"key\":\"out\",\"weight\":" out ",\"is_control\":true},"           \
                            "{\"key\":\"in\",\"weight\":" in ",\"is_control\":false}]") "}"
#define IN_LAYER(ranges) ",\"layer\":{\"key\":\"l\",\"ranges\":" ranges "}"

/* Every visitor's claim to have met each variant is judged as a decision is made. */
static void test_claims(void **state)
{
    (void)state;
    static const struct {
        const char *campaigns;
        size_t asked;
        bool has_others; /* somebody is outside */
    } cases[] = {
        {EXPERIMENT("1", "x", "1", "s", ""), 0, false},
        {EXPERIMENT("1", "x", "0.9", "s", ""), 0, true},
        {EXPERIMENT("1", "x", "0.3", "s", ""), 0, true},
        {EXPERIMENT("1", "x", "0", "s", ""), 0, true},
        {EXPERIMENT("1", "x", "1", "s", IN_LAYER("[[0,10000]]")), 0, false},
        {EXPERIMENT("1", "x", "1", "s", IN_LAYER("[[0,3000],[7000,7500]]")), 0, true},
        {EXPERIMENT("1", "x", "0.5", "s", IN_LAYER("[[0,3000]]")), 0, true},
        {EXPERIMENT("1", "x", "1", "s", IN_LAYER("[]")), 0, true},
        {HELD("0.2", "0.8") "," EXPERIMENT("1", "x", "1", "s", ""), 1, true},
        {HELD("0.2", "0.8") "," EXPERIMENT("1", "x", "0.5", "s", IN_LAYER("[[0,5000]]")), 1, true},
        {HELD("0.2", "0.8"), 0, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w = world_of(cases[i].campaigns, "");
        const struct snapshot_campaign *c = &w.snapshot->campaigns[cases[i].asked];
        int outside = 0;
        for (int n = 0; n < 1000; n++) {
            char id[32];
            snprintf(id, sizeof(id), "visitor-%d", n);
            int variant = decide_one(&w, cases[i].asked, id, "{}", 0).variant, fits = -1, left = 0;
            for (int v = 0; v < 2; v++) {
                enum claim claim = decide_claim(w.arena, w.snapshot, c, id, v, 0);
                fits = claim == CLAIM_FITS ? v : fits;
                left += claim == CLAIM_OUTSIDE;
                assert_true(claim != CLAIM_OUTSIDE || variant < 0);
            }
            assert_int_equal(fits, variant);
            assert_int_equal(left, variant < 0); /* the arm it would have; the other is wrong */
            outside += left;
        }
        assert_int_equal(outside > 0, cases[i].has_others);
        world_done(&w);
    }
}

/* What nobody knows when an event comes: attributes, and when the visitor met the variant. */
static void test_claims_that_are_left_open(void **state)
{
    (void)state;
    static const char *const campaigns[] = {
        EXPERIMENT("1", "x", "1", "s", ",\"schedule\":{\"start\":\"2027-02-01T00:00:00Z\"}"),
        EXPERIMENT("1", "x", "1", "s", ",\"forced\":{\"v1\":\"a\"}"),
        EXPERIMENT("1", "x", "1", "s", ",\"forced\":{\"v1\":\"b\"}"),
        EXPERIMENT("1", "x", "0", "s", ",\"forced\":{\"v1\":\"b\"}"),
        "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"stopped\",\"priority\":0,"
        "\"coverage\":1," PHASE("s", VARIANTS) "}",
        "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\",\"priority\":0,"
        "\"coverage\":1,\"phase\":{\"number\":1,\"seed\":\"s\",\"experiences\":[{\"key\":\"\","
        "\"audience\":{\"country\":\"DE\"},\"variants\":" VARIANTS "}]}}",
    };
    for (size_t i = 0; i < sizeof(campaigns) / sizeof(campaigns[0]); i++) {
        struct world w = world_of(campaigns[i], "");
        bool is_forced = strstr(campaigns[i], "forced");
        int fits = 0;
        for (int v = 0; v < 2; v++)
            fits +=
                decide_claim(w.arena, w.snapshot, w.snapshot->campaigns, "v1", v, 0) == CLAIM_FITS;
        assert_int_equal(fits, is_forced ? 2 : 1);
        world_done(&w);
    }
}

static void test_rendered_parts(void **state)
{
    (void)state;
    struct world w =
        world_of(EXPERIMENT("1", "x", "1", "s", ""),
                 ",\"keys\":[{\"id\":4,\"sha256\":"
                 "\"0101010101010101010101010101010101010101010101010101010101010101\","
                 "\"role\":\"editor\",\"scopes\":[\"backfill\"]}]");
    const struct snapshot_campaign *c = &w.snapshot->campaigns[0];
    assert_string_equal(c->rendered.text, ",{\"campaign\":\"x\",\"phase\":1,");
    /* a flag that is gone is left out */
    assert_string_equal(c->variants[1].rendered.text,
                        "\"variant\":\"b\",\"is_control\":false,\"flags\":{\"cta\":\"Buy\"}");
    uint8_t sha256[32];
    memset(sha256, 1, sizeof(sha256));
    assert_int_equal(w.snapshot->key_count, 1);
    const struct snapshot_key *key = &w.snapshot->keys[0];
    assert_memory_equal(key->sha256, sha256, sizeof(sha256));
    assert_int_equal(key->id, 4);
    assert_int_equal(key->role, ROLE_EDITOR);
    assert_true(key->has_backfill);
    assert_int_equal(key->snapshot->environment_id, 7);
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_holdout_comes_first),
        cmocka_unit_test(test_panic_serves_the_control_to_the_served),
        cmocka_unit_test(test_traces),
        cmocka_unit_test(test_layer_is_disjoint_and_whole),
        cmocka_unit_test(test_growing_coverage_moves_nobody),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_claims_that_are_left_open),
        cmocka_unit_test(test_rendered_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
