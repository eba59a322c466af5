// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign.h"
#include "model/campaign/campaign_move.h"

#include "base/mem.h"
#include "model/admin/access_key.h"
#include "model/campaign/campaign_statistics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#define CONTEXT                                                                                    \
    "{\"flags\":{\"cta\":\"string\"},\"metrics\":{\"m\":\"count\"},\"layers\":{\"l\":4000},"       \
    "\"held\":%d}"
#define TWO "[{\"key\":\"a\",\"weight\":0.5,\"is_control\":true},{\"key\":\"b\",\"weight\":0.5}]"

struct trial {
    struct change change;
    json_t *before;
    json_t *context;
    struct fault fault;
};

/* A canonical document of 'members' beside the key, as the API would keep it. */
static json_t *document_of(const char *kind, const char *members)
{
    char text[2048];
    struct fault fault = {0};
    json_t *document = NULL;
    snprintf(text, sizeof(text), "{\"key\":\"c\",\"kind\":\"%s\"%s%s}", kind, *members ? "," : "",
             members);
    auto_json json_t *in = json_loads(text, 0, NULL);
    must(in);
    if (field_read(campaign_fields, in, &document, &fault))
        mem_die(fault.detail);
    return document;
}

static void trial_begin(struct trial *t, const char *action, const char *status,
                        const char *members, int held)
{
    char context[256];
    *t = (struct trial){.before = document_of("experiment", members)};
    snprintf(context, sizeof(context), CONTEXT, held);
    t->context = json_loads(context, 0, NULL);
    json_object_set_new(t->before, "status", json_string(status));
    t->change = (struct change){.action = action,
                                .role = ROLE_PUBLISHER,
                                .before = t->before,
                                .context = t->context,
                                .random = "seed",
                                .plan = json_object(),
                                .reveal = json_object()};
}

static void trial_done(struct trial *t)
{
    json_decref(t->before);
    json_decref(t->context);
    json_decref(t->change.document);
    json_decref(t->change.plan);
    json_decref(t->change.reveal);
}

static void moves_are_those_of_the_table(void **state)
{
    (void)state;
    static const char *const moves[] = {"start", "pause", "resume", "stop", "archive"};
    static const char *const wanted[5][5] = {
        {"running", NULL, NULL, NULL, "archived"},
        {NULL, "paused", NULL, "stopped", NULL},
        {NULL, NULL, "running", "stopped", NULL},
        {NULL, NULL, NULL, NULL, "archived"},
        {NULL, NULL, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            struct fault fault = {0};
            enum campaign_status to = CAMPAIGN_STATUSES;
            enum err e = campaign_move((enum campaign_status)i, moves[j], &to, &fault);
            assert_int_equal(e, wanted[i][j] ? ERR_OK : ERR_CONFLICT);
            assert_int_equal(fault.code, e);
            assert_true(e ? to == CAMPAIGN_STATUSES
                          : strcmp(campaign_status_words[to], wanted[i][j]) == 0);
        }
}

static void start_takes_what_it_needs(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        enum err code;
        const char *pointer;
        int buckets;
    } rows[] = {
        {"\"variants\":" TWO ",\"metrics\":[{\"key\":\"m\"}]", ERR_OK, "", 0},
        {"\"variants\":" TWO ",\"metrics\":[{\"key\":\"m\"}],\"layer\":{\"key\":\"l\","
         "\"share\":0.4}",
         ERR_OK, "", 4000},
        {"\"variants\":" TWO ",\"metrics\":[{\"key\":\"m\"}],\"layer\":{\"key\":\"l\","
         "\"share\":0.4001}",
         ERR_CONFLICT, "/layer/share", 0},
        {"\"variants\":" TWO, ERR_CONFLICT, "/metrics", 0},
        {"\"metrics\":[{\"key\":\"m\"}]", ERR_CONFLICT, "/variants", 0},
        {"\"variants\":" TWO ",\"metrics\":[{\"key\":\"gone\"}]", ERR_INVALID, "/metrics/0/key", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial t;
        trial_begin(&t, "start", "draft", rows[i].members, 0);
        assert_int_equal(campaign_change(&t.change, &t.fault), rows[i].code);
        assert_string_equal(t.fault.pointer, rows[i].pointer);
        const json_t *layer = json_object_get(t.change.plan, "layer");
        assert_int_equal(json_integer_value(json_object_get(layer, "buckets")), rows[i].buckets);
        if (rows[i].code == ERR_OK)
            assert_non_null(json_object_get(t.change.plan, "phase"));
        trial_done(&t);
    }
}

static void patches_open_phases_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        bool opens;
    } rows[] = {
        {"\"variants\":" TWO, false},
        {"\"variants\":" TWO ",\"coverage\":0.5,\"priority\":3", false},
        {"\"variants\":[{\"key\":\"a\",\"name\":\"A\",\"weight\":0.5,\"is_control\":true},"
         "{\"key\":\"b\",\"weight\":0.5}]",
         false},
        {"\"variants\":" TWO ",\"audience\":{}", true},
        {"\"variants\":[{\"key\":\"b\",\"weight\":0.5},"
         "{\"key\":\"a\",\"weight\":0.5,\"is_control\":true}]",
         true},
        {"\"variants\":[{\"key\":\"a\",\"weight\":0.5},"
         "{\"key\":\"b\",\"weight\":0.5,\"is_control\":true}]",
         true},
        {"\"variants\":[{\"key\":\"a\",\"weight\":0.5,\"is_control\":true},"
         "{\"key\":\"b\",\"weight\":0.5,\"flags\":{\"cta\":\"x\"}}]",
         true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial t;
        char members[1024];
        trial_begin(&t, "patch", "running", "\"variants\":" TWO ",\"metrics\":[{\"key\":\"m\"}]",
                    0);
        snprintf(members, sizeof(members), "%s,\"metrics\":[{\"key\":\"m\"}]", rows[i].members);
        t.change.document = document_of("experiment", members);
        assert_int_equal(campaign_change(&t.change, &t.fault), ERR_OK);
        assert_int_equal(json_object_get(t.change.plan, "phase") != NULL, rows[i].opens);
        trial_done(&t);
    }
}

#define JUDGED "\"variants\":" TWO ",\"metrics\":[{\"key\":\"m\"}],\"statistics\":%s"

/* Every field of the table, with a value that is not its default. */
static const struct {
    const char *name, *value;
} rules[] = {
    {"method", "\"fixed\""},    {"planned_units", "1000"},
    {"minimum_uplift", "0.1"},  {"looks", "3"},
    {"spending", "\"pocock\""}, {"multiplicity", "\"benjamini_hochberg\""},
    {"preperiod_days", "0"},    {"multiplicity_scope", "\"metric\""},
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static const char *rule_of(const char *name)
{
    for (size_t i = 0; i < RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return rules[i].value;
    fail_msg("the table of this test lacks %s", name);
    return NULL;
}

/* 'after' is set on a campaign that says nothing of its statistics. */
static void try_rule(const char *status, const char *name, const char *after, enum err code)
{
    struct trial t;
    char members[512], rule[128], pointer[64];
    snprintf(members, sizeof(members), JUDGED, "{}");
    trial_begin(&t, "patch", status, members, 0);
    snprintf(rule, sizeof(rule), "{\"%s\":%s}", name, after);
    snprintf(members, sizeof(members), JUDGED, rule);
    t.change.document = document_of("experiment", members);
    snprintf(pointer, sizeof(pointer), "%s%s", code ? "/statistics/" : "", code ? name : "");
    assert_int_equal(campaign_change(&t.change, &t.fault), code);
    assert_string_equal(t.fault.pointer, pointer);
    assert_null(json_object_get(t.change.plan, "phase"));
    trial_done(&t);
}

static void rules_of_judgement_are_fixed_at_the_start(void **state)
{
    (void)state;
    static const char *const started[] = {"running", "paused", "stopped"};
    for (const struct field *f = campaign_statistics_fields; f->name; f++) {
        try_rule("draft", f->name, rule_of(f->name), ERR_OK);
        for (size_t i = 0; i < sizeof(started) / sizeof(started[0]); i++) {
            try_rule(started[i], f->name, rule_of(f->name), ERR_CONFLICT);
            try_rule(started[i], f->name, f->initial ? f->initial : "null", ERR_OK);
        }
    }
}

/* With the phase, as they are when it begins: none is lost, and a second phase has the same. */
static void a_phase_keeps_every_rule(void **state)
{
    (void)state;
    char statistics[512] = "{", members[1024];
    for (size_t i = 0; i < RULES; i++)
        snprintf(statistics + strlen(statistics), sizeof(statistics) - strlen(statistics),
                 "%s\"%s\":%s", i ? "," : "", rules[i].name, rules[i].value);
    snprintf(statistics + strlen(statistics), sizeof(statistics) - strlen(statistics), "}");
    snprintf(members, sizeof(members), JUDGED, statistics);
    for (int phase = 1; phase <= 2; phase++) {
        struct trial t;
        trial_begin(&t, phase == 1 ? "start" : "patch", phase == 1 ? "draft" : "running", members,
                    0);
        if (phase == 2) {
            t.change.document = document_of("experiment", members);
            json_t *first = json_array_get(json_object_get(t.change.document, "variants"), 0);
            json_t *other = json_array_get(json_object_get(t.change.document, "variants"), 1);
            json_object_set_new(first, "weight", json_real(0.25));
            json_object_set_new(other, "weight", json_real(0.75));
        }
        assert_int_equal(campaign_change(&t.change, &t.fault), ERR_OK);
        const json_t *opened = json_object_get(t.change.plan, "phase");
        const json_t *kept = json_object_get(json_object_get(opened, "document"), "statistics");
        for (const struct field *f = campaign_statistics_fields; f->name; f++) {
            auto_json json_t *wanted = json_loads(rule_of(f->name), JSON_DECODE_ANY, NULL);
            if (!json_equal(json_object_get(kept, f->name), wanted))
                fail_msg("phase %d does not keep %s", phase, f->name);
        }
        assert_true(json_number_value(json_object_get(kept, "tuned_units")) == 1000);
        assert_true(json_number_value(json_object_get(kept, "confidence")) == 0.95);
        trial_done(&t);
    }
}

static double fixed_number(const struct trial *t, const char *name)
{
    const json_t *phase = json_object_get(t->change.plan, "phase");
    const json_t *statistics = json_object_get(json_object_get(phase, "document"), "statistics");
    return json_number_value(json_object_get(statistics, name));
}

static void a_phase_keeps_what_it_is_judged_by(void **state)
{
    (void)state;
    static const struct {
        const char *statistics;
        enum err code;
        double tuned_units;
    } rows[] = {
        {"{}", ERR_OK, 238600},
        {"{\"minimum_uplift\":0.1}", ERR_OK, 59650},
        {"{\"planned_units\":4000}", ERR_OK, 4000},
        {"{\"method\":\"fixed\"}", ERR_CONFLICT, 0},
        {"{\"method\":\"group_sequential\",\"planned_units\":9000}", ERR_OK, 9000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial t;
        char members[512];
        snprintf(members, sizeof(members),
                 "\"confidence\":0.9,\"variants\":" TWO
                 ",\"metrics\":[{\"key\":\"m\"}],\"statistics\":%s",
                 rows[i].statistics);
        trial_begin(&t, "start", "draft", members, 0);
        assert_int_equal(campaign_change(&t.change, &t.fault), rows[i].code);
        assert_true(fixed_number(&t, "tuned_units") == rows[i].tuned_units);
        assert_true(fixed_number(&t, "confidence") == (rows[i].code ? 0 : 0.9));
        if (rows[i].code)
            assert_string_equal(t.fault.pointer, "/statistics/planned_units");
        trial_done(&t);
    }
}

static void weights_add_up_within_a_billionth(void **state)
{
    (void)state;
    static const struct {
        double last;
        enum err code;
    } rows[] = {{0.8, ERR_OK},
                {0.8 + 9e-10, ERR_OK},
                {0.8 + 2e-9, ERR_INVALID},
                {0.7999, ERR_INVALID},
                {0.8 - 9e-10, ERR_OK}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial t;
        trial_begin(&t, "create", "draft", "\"variants\":" TWO, 0);
        t.change.document = document_of("experiment", "\"variants\":" TWO);
        json_t *variants = json_object_get(t.change.document, "variants");
        json_object_set_new(json_array_get(variants, 0), "weight", json_real(0.2));
        json_object_set_new(json_array_get(variants, 1), "weight", json_real(rows[i].last));
        assert_int_equal(campaign_change(&t.change, &t.fault), rows[i].code);
        trial_done(&t);
    }
}

static void schedules_end_after_they_start(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        const char *end;
        enum err code;
    } rows[] = {
        {"2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", ERR_OK},
        {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", ERR_OK},
        {"2026-01-01T00:00:00.25Z", "2026-01-01T00:00:00.5Z", ERR_OK},
        {"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.25Z", ERR_INVALID},
        {"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z", ERR_INVALID},
        {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ERR_INVALID},
        {"2026-01-01T00:00:00Z", "2025-12-31T23:59:59.9Z", ERR_INVALID},
        {"2026-01-01T02:00:00+02:00", "2026-01-01T00:00:01Z", ERR_OK},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char members[256];
        struct trial t;
        trial_begin(&t, "create", "draft", "", 0);
        snprintf(members, sizeof(members), "\"schedule\":{\"start\":\"%s\",\"end\":\"%s\"}",
                 rows[i].start, rows[i].end);
        t.change.document = document_of("experiment", members);
        assert_int_equal(campaign_change(&t.change, &t.fault), rows[i].code);
        trial_done(&t);
    }
}

static void nobody_grants_above_themselves(void **state)
{
    (void)state;
    static const char *const roles[] = {"viewer", "editor", "publisher", "admin"};
    for (int actor = ROLE_VIEWER; actor <= ROLE_ADMIN; actor++)
        for (int given = 0; given < 4; given++) {
            json_t *plan = json_object();
            json_t *reveal = json_object();
            json_t *document = json_pack("{s:s, s:s, s:s, s:[]}", "name", "k", "kind", "secret",
                                         "role", roles[given], "scopes");
            struct change change = {.action = "create",
                                    .role = (enum role)actor,
                                    .document = document,
                                    .plan = plan,
                                    .reveal = reveal,
                                    .random = "0123456789012345678901234567890123456789012"};
            struct fault fault = {0};
            enum err wanted = given + ROLE_VIEWER <= actor ? ERR_OK : ERR_FORBIDDEN;
            assert_int_equal(access_key_change(&change, &fault), wanted);
            assert_int_equal(json_object_get(reveal, "token") != NULL, wanted == ERR_OK);
            assert_null(json_object_get(plan, "token"));
            json_decref(document);
            json_decref(plan);
            json_decref(reveal);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_those_of_the_table),
        cmocka_unit_test(start_takes_what_it_needs),
        cmocka_unit_test(patches_open_phases_or_not),
        cmocka_unit_test(rules_of_judgement_are_fixed_at_the_start),
        cmocka_unit_test(a_phase_keeps_every_rule),
        cmocka_unit_test(a_phase_keeps_what_it_is_judged_by),
        cmocka_unit_test(weights_add_up_within_a_billionth),
        cmocka_unit_test(schedules_end_after_they_start),
        cmocka_unit_test(nobody_grants_above_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
