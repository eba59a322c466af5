// SPDX-License-Identifier: GPL-3.0-or-later
/* Situations, and what is recommended in them: each differs in a few facts from a healthy campaign
 * of ten days that has not decided anything. */
#include "results/verdict/verdict.h"

#include "stats/core/dist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A later member of the same name is what makes a situation differ. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define HEALTHY                                                                                    \
    .goal = "conversion", .has_control = true, .units = 10000, .fewest_units = 4900,               \
    .fewest_conversions = 200, .days = 10, .needed_units = 40000, .minimum_uplift = 0.05,          \
    .srm_p = 0.6
#define ARMS(...)                                                                                  \
    .variants = (const struct verdict_variant[])                                                   \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ONE(...) ARMS({.key = "b", __VA_ARGS__}), .variant_count = 1
#define OPEN     ONE(.uplift = 0.01)
#define BETTER   .is_better = true, .uplift = 0.1
#define WORSE    .is_worse = true, .uplift = -0.1

#define FIFTY     "12345678901234567890123456789012345678901234567890"
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY

static const struct verdict_interaction crossed = {
    .campaign = "Colours", .variant = "d", .uplift_with = -0.4, .uplift_without = 0.1};
static const struct verdict_interaction far = {
    .campaign = LONG_NAME, .variant = FIFTY, .uplift_with = NAN, .uplift_without = NAN};

static const struct situation {
    struct verdict_facts facts;
    const char *answer, *rule, *variant, *words;
} situations[] = {
    {{HEALTHY, OPEN}, "go_on", "underpowered", NULL, "10,000 of 40,000 visitors"},
    {{HEALTHY, OPEN}, "go_on", "underpowered", NULL, "in 30 more days"},
    {{HEALTHY, ONE(BETTER)}, "ship", "winner", "b", "b is better on conversion (+10.0 %)"},
    {{HEALTHY, ONE(WORSE)}, "stop", "loser", "b", "keep the control"},
    {{HEALTHY, OPEN, .is_mismatch = true, .srm_p = 2e-5}, "broken", "srm", NULL, "p 2e-05"},
    /* a mismatch is stronger than a winner, a harmed guardrail too */
    {{HEALTHY, ONE(BETTER), .is_mismatch = true}, "broken", "srm", NULL, "do not fit"},
    {{HEALTHY, ONE(BETTER, .harmed = "refunds")}, "stop", "guardrail_harmed", "b", "refunds"},
    /* a large effect is doubted beside the verdict, and is no reason to call it broken */
    {{HEALTHY, ONE(.is_better = true, .uplift = 1.6)}, "ship", "winner", "b", "+160.0 %"},
    {{HEALTHY, ONE(.is_worse = true, .uplift = -0.6)}, "stop", "loser", "b", "-60.0 %"},
    {{HEALTHY, ONE(.is_better = true, .uplift = 0.6), .fewest_units = 999},
     "ship",
     "winner",
     "b",
     ""},
    {{HEALTHY, ONE(.uplift = 0.6)}, "go_on", "underpowered", NULL, ""},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed)},
     "go_on",
     "interaction",
     "b",
     "visitors who also get d of the campaign Colours (-40.0 %) than for those who get its control "
     "(+10.0 %)."},
    {{HEALTHY, ONE(.uplift = 0.01, .interaction = &crossed)},
     "go_on",
     "interaction",
     "b",
     "average"},
    {{HEALTHY, ONE(WORSE, .interaction = &crossed)}, "go_on", "interaction", "b", "end one"},
    {{HEALTHY, ARMS({.key = "b", BETTER}, {.key = "c", .uplift = 0, .interaction = &crossed}),
      .variant_count = 2},
     "go_on",
     "interaction",
     "c",
     "c works differently on conversion"},
    /* what is broken or harms is said first; what is over cannot go on */
    {{HEALTHY, ONE(BETTER, .interaction = &crossed), .is_mismatch = true},
     "broken",
     "srm",
     NULL,
     ""},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed, .harmed = "refunds")},
     "stop",
     "guardrail_harmed",
     "b",
     ""},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed), .is_over = true}, "ship", "winner", "b", ""},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed), .is_fading = true},
     "go_on",
     "interaction",
     "b",
     ""},
    {{HEALTHY, .goal = LONG_NAME, ONE(BETTER, .interaction = &far)},
     "go_on",
     "interaction",
     "b",
     "decide on both."},
    {{HEALTHY, ONE(BETTER), .is_fading = true}, "go_on", "novelty", "b", "day to day"},
    {{HEALTHY, OPEN, .is_fading = true}, "go_on", "underpowered", NULL, ""},
    {{HEALTHY, ONE(BETTER), .fewest_conversions = 24},
     "not_enough",
     "few_conversions",
     NULL,
     "only 24"},
    {{HEALTHY, ONE(BETTER), .fewest_conversions = 25}, "ship", "winner", "b", ""},
    {{HEALTHY, ONE(BETTER), .fewest_conversions = INFINITY}, "ship", "winner", "b", ""},
    {{HEALTHY, ONE(BETTER), .days = 6.9}, "not_enough", "short_of_a_week", NULL, "6.9 days"},
    {{HEALTHY, ONE(BETTER), .days = 7}, "ship", "winner", "b", ""},
    /* a loss is not waited out */
    {{HEALTHY, ONE(WORSE), .days = 2}, "stop", "loser", "b", ""},
    {{HEALTHY, ONE(.is_better = true, .is_worse = true, .uplift = 0.1)},
     "go_on",
     "mixed_goals",
     "b",
     ""},
    {{HEALTHY, ONE(BETTER, .unsafe = "refunds")}, "go_on", "guardrail_open", "b", "refunds"},
    {{HEALTHY, ONE(BETTER, .unsafe = "refunds"), .units = 50000}, "ship", "winner", "b", ""},
    {{HEALTHY, ONE(BETTER, .unsafe = "refunds"), .units = 40000}, "ship", "winner", "b", ""},
    {{HEALTHY, ONE(BETTER, .unsafe = "refunds"), .units = 39999},
     "go_on",
     "guardrail_open",
     "b",
     ""},
    {{HEALTHY, OPEN, .units = 40000}, "stop", "no_effect", NULL, "an uplift of 5 %"},
    {{HEALTHY, OPEN, .is_over = true}, "not_enough", "ended_early", NULL, "10,000 of 40,000"},
    {{HEALTHY, ONE(BETTER), .is_over = true, .days = 3}, "ship", "winner", "b", ""},
    {{HEALTHY, OPEN, .needed_units = 0}, "go_on", "undecided", NULL, ""},
    {{HEALTHY, OPEN, .units = 1, .needed_units = 1e9},
     "go_on",
     "underpowered",
     NULL,
     "1,000,000,000 visitors are there. Go on."},
    {{HEALTHY, OPEN, .is_computing = true}, "not_enough", "computing", NULL, ""},
    {{HEALTHY, OPEN, .goal = NULL}, "not_enough", "no_goal", NULL, ""},
    {{HEALTHY, ONE(BETTER), .has_control = false}, "not_enough", "no_control", NULL, ""},
    /* the best of the winners; some losers are no reason to stop */
    {{HEALTHY, ARMS({.key = "b", BETTER}, {.key = "c", .is_better = true, .uplift = 0.2}),
      .variant_count = 2},
     "ship",
     "winner",
     "c",
     ""},
    {{HEALTHY, .is_less_better = true,
      ARMS({.key = "b", .is_better = true, .uplift = -0.3},
           {.key = "c", .is_better = true, .uplift = -0.1}),
      .variant_count = 2},
     "ship",
     "winner",
     "b",
     "(-30.0 %)"},
    {{HEALTHY, ARMS({.key = "b", WORSE}, {.key = "c", .uplift = 0.02}), .variant_count = 2},
     "go_on",
     "underpowered",
     NULL,
     ""},
    {{HEALTHY, ARMS({.key = "b", WORSE}, {.key = "c", WORSE}), .variant_count = 2},
     "stop",
     "loser",
     NULL,
     "All variants"},
};

static void situations_get_their_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++) {
        const struct situation *s = &situations[i];
        struct verdict r = verdict_of(&s->facts);
        const char *variant = r.variant ? r.variant : "none";
        if (strcmp(r.rule, s->rule) != 0 || !strstr(r.text, s->words) ||
            strcmp(verdict_answer_name(r.answer), s->answer) != 0 ||
            strcmp(variant, s->variant ? s->variant : "none") != 0)
            fail_msg("situation %zu: %s by %s about %s: %s", i, verdict_answer_name(r.answer),
                     r.rule, variant, r.text);
        assert_true(strlen(r.text) + 1 < sizeof(r.text));
        assert_int_equal(r.text[strlen(r.text) - 1], '.');
    }
}

static const struct verdict_outlier outliers[] = {
    {.metric = "Rounds", .variant = "a", .largest = 49854, .share = 0.0213},
    {.metric = "Revenue", .variant = "b", .largest = 900, .share = 0.5},
};

static const struct caution_situation {
    struct verdict_facts facts;
    const char *rules, *words;
} caution_situations[] = {
    {{HEALTHY, OPEN}, "", ""},
    {{HEALTHY, OPEN, .outliers = outliers, .outlier_count = 2},
     "outlier outlier ",
     "visitor of a has 49,854 on Rounds, 2.1 % of all"},
    {{HEALTHY, OPEN, .entangled = "Colours"}, "joint_srm ", "campaign Colours visitors"},
    /* much is doubted; not of few visitors, and not what nobody calls an effect */
    {{HEALTHY, ONE(.is_better = true, .uplift = 0.6)}, "twyman ", "b changes conversion more"},
    {{HEALTHY, ONE(.is_worse = true, .uplift = -0.6)}, "twyman ", "(-60.0 %): check"},
    {{HEALTHY, ONE(.is_better = true, .uplift = 1.6), .is_over = true}, "twyman ", "(+160.0 %)"},
    {{HEALTHY, ONE(.is_better = true, .uplift = 0.5)}, "", ""},
    {{HEALTHY, ONE(.is_better = true, .uplift = 0.6), .fewest_units = 999}, "", ""},
    {{HEALTHY, ONE(.uplift = 0.6)}, "", ""},
    {{HEALTHY,
      ARMS({.key = "b", .is_better = true, .uplift = 0.6},
           {.key = "c", .is_better = true, .uplift = 0.7}),
      .variant_count = 2},
     "twyman twyman ",
     "b changes"},
    /* not said twice, but said where something else is said first */
    {{HEALTHY, ONE(BETTER, .interaction = &crossed)}, "", ""},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed), .is_over = true},
     "interaction ",
     "d of the campaign Colours"},
    {{HEALTHY, ONE(BETTER, .interaction = &crossed), .is_mismatch = true}, "interaction ", ""},
    {{HEALTHY,
      ARMS({.key = "b", BETTER, .interaction = &crossed}, {.key = "c", .interaction = &far}),
      .variant_count = 2, .entangled = "Colours", .outliers = outliers, .outlier_count = 1},
     "joint_srm interaction outlier ",
     ""},
    {{HEALTHY, .goal = LONG_NAME, ONE(BETTER, .interaction = &far), .is_over = true},
     "interaction ",
     "get its control."},
};

static void cautions_stand_beside(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(caution_situations) / sizeof(caution_situations[0]); i++) {
        const struct caution_situation *s = &caution_situations[i];
        struct verdict_caution cautions[VERDICT_CAUTIONS];
        struct verdict answer = verdict_of(&s->facts);
        size_t count = verdict_cautions(&s->facts, &answer, cautions);
        char rules[200] = "";
        for (size_t k = 0; k < count; k++)
            snprintf(rules + strlen(rules), sizeof(rules) - strlen(rules), "%s ", cautions[k].rule);
        assert_string_equal(rules, s->rules);
        if (count > 0 && !strstr(cautions[0].text, s->words))
            fail_msg("situation %zu: %s", i, cautions[0].text);
    }
}

static void there_is_room_for_so_many_cautions_only(void **state)
{
    (void)state;
    struct verdict_outlier many[VERDICT_CAUTIONS + 2];
    for (size_t i = 0; i < VERDICT_CAUTIONS + 2; i++)
        many[i] = outliers[0];
    struct verdict_facts facts = {HEALTHY, OPEN, .outliers = many,
                                  .outlier_count = VERDICT_CAUTIONS + 2};
    struct verdict_caution cautions[VERDICT_CAUTIONS];
    struct verdict answer = verdict_of(&facts);
    assert_int_equal(verdict_cautions(&facts, &answer, cautions), VERDICT_CAUTIONS);
}

int main(void)
{
    stats_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(situations_get_their_verdict),
        cmocka_unit_test(cautions_stand_beside),
        cmocka_unit_test(there_is_room_for_so_many_cautions_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
