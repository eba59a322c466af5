// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/document/results_judge_attention.h"

#include "base/clock.h"

#include <string.h>

enum { ATTENTION_MAX = 5 };

static bool is_past(const char *time, int64_t as_of_us)
{
    int64_t us;
    return time && clock_parse(time, strlen(time), &us) && us <= as_of_us;
}

const char *const *results_judge_attention(const struct results *r, const struct verdict *verdict,
                                           int64_t as_of_us, size_t *ret_count)
{
    bool is_harmed = strcmp(verdict->rule, "guardrail_harmed") == 0;
    bool is_decided = verdict->answer == VERDICT_SHIP || verdict->answer == VERDICT_STOP;
    const struct {
        bool is_there;
        const char *word;
    } all[ATTENTION_MAX] = {
        {verdict->answer == VERDICT_BROKEN, "broken_split"},
        {is_harmed, "guardrail_harmed"},
        {r->head.is_quiet, "no_exposures"},
        {is_decided && !is_harmed, "ready"},
        {is_past(r->head.schedule_end, as_of_us), "schedule_ended"},
    };
    const char **words = arena_zalloc(r->arena, ATTENTION_MAX * sizeof(*words));
    *ret_count = 0;
    for (size_t i = 0; i < ATTENTION_MAX && !r->is_over; i++)
        if (all[i].is_there)
            words[(*ret_count)++] = all[i].word;
    return words;
}
