// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TWYMAN_UPLIFT 0.5
#define TWYMAN_UNITS  1000

struct list {
    struct verdict_caution *cautions;
    size_t count;
};

/* NULL: there is no room for more. */
static struct verdict_caution *next(struct list *l, const char *rule, const char *variant)
{
    if (l->count == VERDICT_CAUTIONS)
        return NULL;
    struct verdict_caution *c = &l->cautions[l->count++];
    *c = (struct verdict_caution){.rule = rule, .variant = variant, .figures = verdict_no_figures};
    return c;
}

static void entangled(struct list *l, const struct verdict_facts *f)
{
    struct verdict_caution *c = f->entangled ? next(l, "joint_srm", NULL) : NULL;
    if (!c)
        return;
    c->figures.campaign = f->entangled;
    snprintf(c->text, VERDICT_TEXT,
             "Which variant of the campaign %s visitors get depends on their variant here: the two "
             "are not allotted independently, so each counts some of the other's effect.",
             f->entangled);
}

/* The one that the answer is about is told there. */
static void interactions(struct list *l, const struct verdict_facts *f,
                         const struct verdict *verdict)
{
    bool is_told = strcmp(verdict->rule, "interaction") == 0;
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct verdict_variant *v = &f->variants[i];
        if (!v->interaction || (is_told && verdict->variant == v->key))
            continue;
        struct verdict_caution *c = next(l, "interaction", v->key);
        if (!c)
            return;
        c->figures = verdict_interaction_figures(f->goal, v->interaction);
        verdict_say_interaction(v->key, f->goal, v->interaction, c->text, VERDICT_TEXT);
    }
}

/* Twyman's law: a figure that looks interesting is usually wrong. Usually, not always, and nothing
 * in the figures says which it is: so a large effect is doubted aloud, and not taken for broken. */
static void twyman(struct list *l, const struct verdict_facts *f)
{
    char uplift[VERDICT_WORD];
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct verdict_variant *v = &f->variants[i];
        if (!(v->is_better || v->is_worse) || !(fabs(v->uplift) > TWYMAN_UPLIFT) ||
            f->fewest_units < TWYMAN_UNITS)
            continue;
        struct verdict_caution *c = next(l, "twyman", v->key);
        if (!c)
            return;
        c->figures.metric = f->goal;
        c->figures.uplift = v->uplift;
        snprintf(c->text, VERDICT_TEXT,
                 "%s changes %s more than most real changes do%s: check that events are counted "
                 "the same in all variants before you believe it.",
                 v->key, f->goal, verdict_uplift(v->uplift, uplift));
    }
}

static void outliers(struct list *l, const struct verdict_facts *f)
{
    char largest[VERDICT_WORD];
    for (size_t i = 0; i < f->outlier_count; i++) {
        const struct verdict_outlier *o = &f->outliers[i];
        struct verdict_caution *c = next(l, "outlier", o->variant);
        if (!c)
            return;
        c->figures.metric = o->metric;
        c->figures.largest = o->largest;
        c->figures.share = o->share;
        snprintf(c->text, VERDICT_TEXT,
                 "A single visitor of %s has %s on %s, %.1f %% of all of that variant: compare the "
                 "capped result, and find out whether that visitor is real.",
                 o->variant, verdict_count(o->largest, largest), o->metric, o->share * 100);
    }
}

size_t verdict_cautions(const struct verdict_facts *facts, const struct verdict *verdict,
                        struct verdict_caution ret_cautions[VERDICT_CAUTIONS])
{
    struct list l = {.cautions = ret_cautions};
    entangled(&l, facts);
    twyman(&l, facts);
    interactions(&l, facts, verdict);
    outliers(&l, facts);
    return l.count;
}
