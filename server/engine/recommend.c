// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommend.h"

#include <math.h>
#include <stdio.h>

#define TWYMAN_UPLIFT   0.5
#define TWYMAN_UNITS    1000
#define CONVERSIONS_MIN 25
#define WEEK_DAYS       7

static bool is_winner(const struct recommend_variant *v)
{
    return v->is_better && !v->is_worse;
}

static bool is_loser(const struct recommend_variant *v)
{
    return v->is_worse && !v->is_better;
}

/* Of several winners the one with the largest effect. */
static const struct recommend_variant *find_winner(const struct recommend_facts *f)
{
    const struct recommend_variant *best = NULL;
    double sign = f->is_less_better ? -1 : 1;
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct recommend_variant *v = &f->variants[i];
        if (is_winner(v) && (!best || v->uplift * sign > best->uplift * sign))
            best = v;
    }
    return best;
}

static bool have_all_lost(const struct recommend_facts *f)
{
    for (size_t i = 0; i < f->variant_count; i++)
        if (!is_loser(&f->variants[i]))
            return false;
    return f->variant_count > 0;
}

#define SAY(r, ...) snprintf((r)->text, sizeof((r)->text), __VA_ARGS__)

static bool no_control(const struct recommend_facts *f, struct recommendation *r)
{
    if (f->has_control && f->variant_count > 0)
        return false;
    SAY(r, "There is no control to compare with, so nothing can be said about an effect.");
    return true;
}

static bool no_goal(const struct recommend_facts *f, struct recommendation *r)
{
    if (f->goal)
        return false;
    SAY(r, "No metric is measured that could decide: give the campaign a primary metric.");
    return true;
}

static bool computing(const struct recommend_facts *f, struct recommendation *r)
{
    if (!f->is_computing)
        return false;
    SAY(r, "A metric is still being computed from the events of the past: look again soon.");
    return true;
}

static bool srm(const struct recommend_facts *f, struct recommendation *r)
{
    if (!f->is_mismatch)
        return false;
    SAY(r,
        "The variants' sizes do not fit their weights (p %.2g): visitors get lost or are added in "
        "one of them, so do not believe any comparison until the cause is found.",
        f->srm_p);
    return true;
}

static bool twyman(const struct recommend_facts *f, struct recommendation *r)
{
    char uplift[RECOMMEND_WORD];
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct recommend_variant *v = &f->variants[i];
        if (!(v->is_better || v->is_worse) || !(fabs(v->uplift) > TWYMAN_UPLIFT) ||
            f->fewest_units < TWYMAN_UNITS)
            continue;
        r->variant = v->key;
        SAY(r,
            "%s changes %s more than real changes do%s: check that events are counted the same in "
            "all variants before you believe it.",
            v->key, f->goal, recommend_uplift(v->uplift, uplift));
        return true;
    }
    return false;
}

static bool guardrail_harmed(const struct recommend_facts *f, struct recommendation *r)
{
    for (size_t i = 0; i < f->variant_count; i++) {
        if (!f->variants[i].harmed)
            continue;
        r->variant = f->variants[i].key;
        SAY(r, "%s harms %s, which was to be protected: stop it.", r->variant,
            f->variants[i].harmed);
        return true;
    }
    return false;
}

static bool interaction(const struct recommend_facts *f, struct recommendation *r)
{
    for (size_t i = 0; i < f->variant_count && !f->is_over; i++) {
        if (!f->variants[i].interaction)
            continue;
        char what[RECOMMEND_TEXT - 100];
        r->variant = f->variants[i].key;
        recommend_say_interaction(r->variant, f->goal, f->variants[i].interaction, what,
                                  sizeof(what));
        SAY(r, "%s Do not decide on the average: end one of the two first, or decide on both.",
            what);
        return true;
    }
    return false;
}

static bool novelty(const struct recommend_facts *f, struct recommendation *r)
{
    const struct recommend_variant *winner = find_winner(f);
    if (!f->is_fading || !winner || f->is_over)
        return false;
    r->variant = winner->key;
    SAY(r,
        "%s is ahead, but its effect shrinks from day to day, as it does when people only react to "
        "something new: go on until it stays level.",
        winner->key);
    return true;
}

static bool few_conversions(const struct recommend_facts *f, struct recommendation *r)
{
    char fewest[RECOMMEND_WORD];
    if (!(f->fewest_conversions < CONVERSIONS_MIN))
        return false;
    SAY(r,
        "One variant has only %s conversions: below %d in each, any difference may still be "
        "chance.",
        recommend_count(f->fewest_conversions, fewest), CONVERSIONS_MIN);
    return true;
}

/* A loss is not to be waited out; a win must hold on weekdays and at the weekend. */
static bool short_of_a_week(const struct recommend_facts *f, struct recommendation *r)
{
    if (f->days >= WEEK_DAYS || f->is_over || have_all_lost(f))
        return false;
    SAY(r,
        "It has run for %.1f days: let it see a full week, since visitors of a weekend buy "
        "differently from those of a working day.",
        f->days);
    return true;
}

static bool mixed_goals(const struct recommend_facts *f, struct recommendation *r)
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

static bool guardrail_open(const struct recommend_facts *f, struct recommendation *r)
{
    const struct recommend_variant *winner = find_winner(f);
    if (!winner || !winner->unsafe || f->is_over || f->units >= f->needed_units)
        return false;
    r->variant = winner->key;
    SAY(r,
        "%s wins on %s, but it may still cost more of %s than you accept: go on until that is "
        "clear.",
        winner->key, f->goal, winner->unsafe);
    return true;
}

static bool winner(const struct recommend_facts *f, struct recommendation *r)
{
    const struct recommend_variant *v = find_winner(f);
    char uplift[RECOMMEND_WORD];
    if (!v)
        return false;
    r->variant = v->key;
    SAY(r, "%s is better on %s%s: ship it.", v->key, f->goal, recommend_uplift(v->uplift, uplift));
    return true;
}

static bool loser(const struct recommend_facts *f, struct recommendation *r)
{
    char uplift[RECOMMEND_WORD];
    if (!have_all_lost(f))
        return false;
    if (f->variant_count > 1) {
        SAY(r, "All variants are worse than the control on %s: stop and keep the control.",
            f->goal);
        return true;
    }
    r->variant = f->variants[0].key;
    SAY(r, "%s is worse on %s%s: stop and keep the control.", r->variant, f->goal,
        recommend_uplift(f->variants[0].uplift, uplift));
    return true;
}

static bool ended_early(const struct recommend_facts *f, struct recommendation *r)
{
    char units[RECOMMEND_WORD], needed[RECOMMEND_WORD];
    if (!f->is_over || !(f->units < f->needed_units))
        return false;
    SAY(r,
        "It ended with %s of %s visitors and nothing decided: that is too few to find an uplift "
        "of %.3g %%, so it shows neither an effect nor that there is none.",
        recommend_count(f->units, units), recommend_count(f->needed_units, needed),
        f->minimum_uplift * 100);
    return true;
}

static bool underpowered(const struct recommend_facts *f, struct recommendation *r)
{
    char units[RECOMMEND_WORD], needed[RECOMMEND_WORD], days[RECOMMEND_WORD];
    if (!(f->units < f->needed_units))
        return false;
    double left = f->units > 0 ? (f->needed_units - f->units) * f->days / f->units : INFINITY;
    if (!(left >= 0 && left < 3650))
        SAY(r, "Nothing is decided yet: %s of %s visitors are there. Go on.",
            recommend_count(f->units, units), recommend_count(f->needed_units, needed));
    else
        SAY(r,
            "Nothing is decided yet: %s of %s visitors are there; at this pace the rest come in "
            "%s more days. Go on.",
            recommend_count(f->units, units), recommend_count(f->needed_units, needed),
            recommend_count(ceil(left), days));
    return true;
}

static bool no_effect(const struct recommend_facts *f, struct recommendation *r)
{
    if (!(f->needed_units > 0))
        return false;
    SAY(r,
        "All visitors that were needed are there, and no effect on %s was found: stop; an uplift "
        "of %.3g %% or more is unlikely.",
        f->goal, f->minimum_uplift * 100);
    return true;
}

static bool undecided(const struct recommend_facts *f, struct recommendation *r)
{
    (void)f;
    SAY(r, "Nothing is decided yet, and too little is known to say when it will be. Go on.");
    return true;
}

/* THE rules, the most important first. */
static const struct rule {
    const char *name;
    enum recommend_verdict verdict;
    bool (*applies)(const struct recommend_facts *f, struct recommendation *r);
} rules[] = {
    {"no_control", RECOMMEND_NOT_ENOUGH, no_control},
    {"srm", RECOMMEND_BROKEN, srm},
    {"no_goal", RECOMMEND_NOT_ENOUGH, no_goal},
    {"computing", RECOMMEND_NOT_ENOUGH, computing},
    {"twyman", RECOMMEND_BROKEN, twyman},
    {"guardrail_harmed", RECOMMEND_STOP, guardrail_harmed},
    {"interaction", RECOMMEND_GO_ON, interaction},
    {"novelty", RECOMMEND_GO_ON, novelty},
    {"few_conversions", RECOMMEND_NOT_ENOUGH, few_conversions},
    {"short_of_a_week", RECOMMEND_NOT_ENOUGH, short_of_a_week},
    {"mixed_goals", RECOMMEND_GO_ON, mixed_goals},
    {"guardrail_open", RECOMMEND_GO_ON, guardrail_open},
    {"winner", RECOMMEND_SHIP, winner},
    {"loser", RECOMMEND_STOP, loser},
    {"ended_early", RECOMMEND_NOT_ENOUGH, ended_early},
    {"underpowered", RECOMMEND_GO_ON, underpowered},
    {"no_effect", RECOMMEND_STOP, no_effect},
    {"undecided", RECOMMEND_GO_ON, undecided},
};

struct recommendation recommend(const struct recommend_facts *facts)
{
    struct recommendation r = {.rule = NULL};
    for (size_t i = 0; !r.rule; i++) {
        if (!rules[i].applies(facts, &r))
            continue;
        r.rule = rules[i].name;
        r.verdict = rules[i].verdict;
    }
    return r;
}

const char *recommend_verdict_name(enum recommend_verdict verdict)
{
    static const char *const names[] = {
        [RECOMMEND_BROKEN] = "broken",
        [RECOMMEND_STOP] = "stop",
        [RECOMMEND_SHIP] = "ship",
        [RECOMMEND_GO_ON] = "go_on",
        [RECOMMEND_NOT_ENOUGH] = "not_enough",
    };
    return names[verdict];
}
