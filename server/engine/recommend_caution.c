// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommend.h"

#include <stdio.h>
#include <string.h>

struct list {
    struct recommend_caution *cautions;
    size_t count;
};

/* NULL: there is no room for more. */
static char *next_text(struct list *l, const char *rule)
{
    if (l->count == RECOMMEND_CAUTIONS)
        return NULL;
    l->cautions[l->count].rule = rule;
    return l->cautions[l->count++].text;
}

static void entangled(struct list *l, const struct recommend_facts *f)
{
    char *text = f->entangled ? next_text(l, "joint_srm") : NULL;
    if (text)
        snprintf(text, RECOMMEND_TEXT,
                 "Which variant of the campaign %s visitors get depends on their variant here: the "
                 "two are not allotted independently, so each counts some of the other's effect.",
                 f->entangled);
}

/* The one that the answer is about is told there. */
static void interactions(struct list *l, const struct recommend_facts *f,
                         const struct recommendation *answer)
{
    bool is_told = strcmp(answer->rule, "interaction") == 0;
    for (size_t i = 0; i < f->variant_count; i++) {
        const struct recommend_variant *v = &f->variants[i];
        if (!v->interaction || (is_told && answer->variant == v->key))
            continue;
        char *text = next_text(l, "interaction");
        if (text)
            recommend_say_interaction(v->key, f->goal, v->interaction, text, RECOMMEND_TEXT);
    }
}

static void outliers(struct list *l, const struct recommend_facts *f)
{
    char largest[RECOMMEND_WORD];
    for (size_t i = 0; i < f->outlier_count; i++) {
        const struct recommend_outlier *o = &f->outliers[i];
        char *text = next_text(l, "outlier");
        if (text)
            snprintf(text, RECOMMEND_TEXT,
                     "A single visitor of %s has %s on %s, %.1f %% of all of that variant: compare "
                     "the capped result, and find out whether that visitor is real.",
                     o->variant, recommend_count(o->largest, largest), o->metric, o->share * 100);
    }
}

size_t recommend_cautions(const struct recommend_facts *facts, const struct recommendation *answer,
                          struct recommend_caution ret_cautions[RECOMMEND_CAUTIONS])
{
    struct list l = {.cautions = ret_cautions};
    entangled(&l, facts);
    interactions(&l, facts, answer);
    outliers(&l, facts);
    return l.count;
}
