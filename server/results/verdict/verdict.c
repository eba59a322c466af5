// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/verdict.h"

#include <math.h>
#include <stdio.h>

#define CONVERSIONS_MIN 25
#define WEEK_DAYS       7
#define DAYS_LEFT_MAX   3650

static bool is_winner(const struct verdict_variant *v)
{
    return v->is_better && !v->is_worse;
}

static bool is_loser(const struct verdict_variant *v)
{
    return v->is_worse && !v->is_better;
}

/* Finds, among several winners, the one with the largest effect. */
static const struct verdict_variant *find_winner(const struct verdict_facts *f)
{
    const struct verdict_variant *best = NULL;
    double sign = f->is_less_better ? -1 : 1;
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct verdict_variant *v = &f->variants[i];
        if (is_winner(v) && (!best || v->uplift * sign > best->uplift * sign))
            best = v;
    }
    return best;
}

/* That there are variants was asked before. */
static bool have_all_lost(const struct verdict_facts *f)
{
    for (size_t i = 0; i < f->variant_count; i++)
        if (!is_loser(&f->variants[i]))
            return false;
    return true;
}

#define SAY(r, ...) snprintf((r)->text, sizeof((r)->text), __VA_ARGS__)

static bool no_control(const struct verdict_facts *f, struct verdict *r)
{
    if (f->has_control && f->variant_count > 0)
        return false;
    SAY(r, "There is no control to compare with, so nothing can be said about an effect.");
    return true;
}

static bool no_goal(const struct verdict_facts *f, struct verdict *r)
{
    if (f->goal)
        return false;
    SAY(r, "No metric is measured that could decide: give the campaign a primary metric.");
    return true;
}

static bool computing(const struct verdict_facts *f, struct verdict *r)
{
    if (!f->is_computing)
        return false;
    SAY(r, "The results are still being made from the events of the past: look again soon.");
    return true;
}

static bool srm(const struct verdict_facts *f, struct verdict *r)
{
    if (!f->is_mismatch)
        return false;
    SAY(r,
        "The variants' sizes do not fit their weights (p %.2g): visitors get lost or are added in "
        "one of them, so do not believe any comparison until the cause is found.",
        f->srm_p);
    r->figures.p = f->srm_p;
    return true;
}

static bool guardrail_harmed(const struct verdict_facts *f, struct verdict *r)
{
    for (size_t i = 0; i < f->variant_count; i++) {
        if (!f->variants[i].harmed)
            continue;
        r->variant = f->variants[i].key;
        r->figures.metric = f->variants[i].harmed;
        SAY(r, "%s harms %s, which was to be protected: stop it.", r->variant,
            f->variants[i].harmed);
        return true;
    }
    return false;
}

static bool repeated_units(const struct verdict_facts *f, struct verdict *r)
{
    if (!f->is_repeated)
        return false;
    SAY(r,
        "Its visitors are those of each day: who came on several is in each, so days do not add up "
        "to visitors, no interval can be given, and nothing can be decided.");
    return true;
}

static bool no_spread(const struct verdict_facts *f, struct verdict *r)
{
    if (!f->is_spreadless)
        return false;
    r->figures.metric = f->goal;
    SAY(r,
        "Only sums of %s are known, and not their squares: how much visitors differ cannot be "
        "told, "
        "so no interval can be given, and nothing can be decided.",
        f->goal);
    return true;
}

static bool interaction(const struct verdict_facts *f, struct verdict *r)
{
    for (size_t i = 0; i < f->variant_count && !f->is_over; i++) {
        if (!f->variants[i].interaction)
            continue;
        char what[VERDICT_TEXT - 100];
        r->variant = f->variants[i].key;
        r->figures = verdict_interaction_figures(f->goal, f->variants[i].interaction);
        verdict_say_interaction(r->variant, f->goal, f->variants[i].interaction, what,
                                sizeof(what));
        SAY(r, "%s Do not decide on the average: end one of the two first, or decide on both.",
            what);
        return true;
    }
    return false;
}

static bool novelty(const struct verdict_facts *f, struct verdict *r)
{
    const struct verdict_variant *winner = find_winner(f);
    if (!f->is_fading || !winner || f->is_over)
        return false;
    r->variant = winner->key;
    SAY(r,
        "%s is ahead, but its effect shrinks from day to day, as it does when people only react to "
        "something new: go on until it stays level.",
        winner->key);
    return true;
}

static bool few_conversions(const struct verdict_facts *f, struct verdict *r)
{
    char fewest[VERDICT_WORD];
    if (!(f->fewest_conversions < CONVERSIONS_MIN))
        return false;
    r->figures.conversions = f->fewest_conversions;
    SAY(r,
        "One variant has only %s conversions: below %d in each, any difference may still be "
        "chance.",
        verdict_count(f->fewest_conversions, fewest), CONVERSIONS_MIN);
    return true;
}

/* A loss is not to be waited out; a win must hold on weekdays and at the weekend. */
static bool short_of_a_week(const struct verdict_facts *f, struct verdict *r)
{
    if (f->days >= WEEK_DAYS || f->is_over || have_all_lost(f))
        return false;
    SAY(r,
        "It has run for %.1f days: let it see a full week, since visitors of a weekend buy "
        "differently from those of a working day.",
        f->days);
    return true;
}

static bool mixed_goals(const struct verdict_facts *f, struct verdict *r)
{
    if (find_winner(f))
        return false;
    for (size_t i = 0; i < f->variant_count; i++) {
        if (!f->variants[i].is_better || !f->variants[i].is_worse)
            continue;
        r->variant = f->variants[i].key;
        SAY(r, "%s improves one primary metric and harms another: decide which of them counts.",
            r->variant);
        return true;
    }
    return false;
}

static bool guardrail_open(const struct verdict_facts *f, struct verdict *r)
{
    const struct verdict_variant *winner = find_winner(f);
    if (!winner || !winner->unsafe || f->is_over || f->units >= f->needed_units)
        return false;
    r->variant = winner->key;
    r->figures.metric = winner->unsafe;
    r->figures.uplift = winner->uplift;
    SAY(r,
        "%s wins on %s, but it may still cost more of %s than you accept: go on until that is "
        "clear.",
        winner->key, f->goal, winner->unsafe);
    return true;
}

static bool winner(const struct verdict_facts *f, struct verdict *r)
{
    const struct verdict_variant *v = find_winner(f);
    char uplift[VERDICT_WORD];
    if (!v)
        return false;
    r->variant = v->key;
    r->figures.metric = f->goal;
    r->figures.uplift = v->uplift;
    SAY(r, "%s is better on %s%s: ship it.", v->key, f->goal, verdict_uplift(v->uplift, uplift));
    return true;
}

static bool loser(const struct verdict_facts *f, struct verdict *r)
{
    char uplift[VERDICT_WORD];
    if (!have_all_lost(f))
        return false;
    r->figures.metric = f->goal;
    if (f->variant_count > 1) {
        SAY(r, "All variants are worse than the control on %s: stop and keep the control.",
            f->goal);
        return true;
    }
    r->variant = f->variants[0].key;
    r->figures.uplift = f->variants[0].uplift;
    SAY(r, "%s is worse on %s%s: stop and keep the control.", r->variant, f->goal,
        verdict_uplift(f->variants[0].uplift, uplift));
    return true;
}

static bool ended_early(const struct verdict_facts *f, struct verdict *r)
{
    char units[VERDICT_WORD], needed[VERDICT_WORD];
    if (!f->is_over || !(f->units < f->needed_units))
        return false;
    r->figures.minimum_uplift = f->minimum_uplift;
    SAY(r,
        "It ended with %s of %s visitors and nothing decided: that is too few to find an uplift "
        "of %.3g %%, so it shows neither an effect nor that there is none.",
        verdict_count(f->units, units), verdict_count(f->needed_units, needed),
        f->minimum_uplift * 100);
    return true;
}

double verdict_days_left(const struct verdict_facts *f)
{
    if (f->is_over || !(f->needed_units > 0))
        return NAN;
    if (f->units >= f->needed_units)
        return 0;
    if (f->days < 1)
        return NAN;
    double left = f->units > 0 ? (f->needed_units - f->units) * f->days / f->units : INFINITY;
    return left < DAYS_LEFT_MAX ? ceil(left) : NAN;
}

static bool underpowered(const struct verdict_facts *f, struct verdict *r)
{
    char units[VERDICT_WORD], needed[VERDICT_WORD], days[VERDICT_WORD];
    if (!(f->units < f->needed_units))
        return false;
    double left = verdict_days_left(f);
    if (isnan(left)) {
        SAY(r, "Nothing is decided yet: %s of %s visitors are there. Go on.",
            verdict_count(f->units, units), verdict_count(f->needed_units, needed));
        return true;
    }
    r->figures.days_left = left;
    SAY(r,
        "Nothing is decided yet: %s of %s visitors are there; at this pace the rest come in %s "
        "more days. Go on.",
        verdict_count(f->units, units), verdict_count(f->needed_units, needed),
        verdict_count(left, days));
    return true;
}

static bool no_effect(const struct verdict_facts *f, struct verdict *r)
{
    if (!(f->needed_units > 0))
        return false;
    r->figures.metric = f->goal;
    r->figures.minimum_uplift = f->minimum_uplift;
    SAY(r,
        "All visitors that were needed are there, and no effect on %s was found: stop; an uplift "
        "of %.3g %% or more is unlikely.",
        f->goal, f->minimum_uplift * 100);
    return true;
}

static bool undecided(const struct verdict_facts *f, struct verdict *r)
{
    (void)f;
    SAY(r, "Nothing is decided yet, and too little is known to say when it will be. Go on.");
    return true;
}

/* THE rules, the most important first. */
static const struct rule {
    const char *name;
    enum verdict_answer answer;
    bool (*applies)(const struct verdict_facts *f, struct verdict *r);
} rules[] = {
    {"no_control", VERDICT_NOT_ENOUGH, no_control},
    {"srm", VERDICT_BROKEN, srm},
    {"no_goal", VERDICT_NOT_ENOUGH, no_goal},
    {"computing", VERDICT_NOT_ENOUGH, computing},
    {"guardrail_harmed", VERDICT_STOP, guardrail_harmed},
    {"repeated_units", VERDICT_NOT_ENOUGH, repeated_units},
    {"no_spread", VERDICT_NOT_ENOUGH, no_spread},
    {"interaction", VERDICT_GO_ON, interaction},
    {"novelty", VERDICT_GO_ON, novelty},
    {"few_conversions", VERDICT_NOT_ENOUGH, few_conversions},
    {"short_of_a_week", VERDICT_NOT_ENOUGH, short_of_a_week},
    {"mixed_goals", VERDICT_GO_ON, mixed_goals},
    {"guardrail_open", VERDICT_GO_ON, guardrail_open},
    {"winner", VERDICT_SHIP, winner},
    {"loser", VERDICT_STOP, loser},
    {"ended_early", VERDICT_NOT_ENOUGH, ended_early},
    {"underpowered", VERDICT_GO_ON, underpowered},
    {"no_effect", VERDICT_STOP, no_effect},
    {"undecided", VERDICT_GO_ON, undecided},
};

struct verdict verdict_of(const struct verdict_facts *facts)
{
    struct verdict r = {.rule = NULL, .figures = verdict_no_figures};
    for (size_t i = 0; !r.rule; i++) {
        if (!rules[i].applies(facts, &r))
            continue;
        r.rule = rules[i].name;
        r.answer = rules[i].answer;
    }
    return r;
}

const char *verdict_answer_name(enum verdict_answer answer)
{
    static const char *const names[] = {
        [VERDICT_BROKEN] = "broken",
        [VERDICT_STOP] = "stop",
        [VERDICT_SHIP] = "ship",
        [VERDICT_GO_ON] = "go_on",
        [VERDICT_NOT_ENOUGH] = "not_enough",
    };
    return names[answer];
}
