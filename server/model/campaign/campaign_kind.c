// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_kind.h"

#include "base/mem.h"

#include <string.h>

#define VARIANTS_MAX 50

const struct campaign_rules campaign_rules[CAMPAIGN_KINDS] = {
    [CAMPAIGN_EXPERIMENT] = {.least_variants = 2,
                             .most_variants = VARIANTS_MAX,
                             .variants_rule = "an experiment has at least two variants",
                             .ready_rule = "it takes two variants to run",
                             .needs_control = true,
                             .needs_metric = true,
                             .can_have_layer = true},
    [CAMPAIGN_ROLLOUT] = {.least_variants = 1,
                          .most_variants = VARIANTS_MAX,
                          .variants_rule = "a rollout has at least one variant",
                          .ready_rule = "it takes a variant to run",
                          .can_have_layer = true},
    [CAMPAIGN_HOLDOUT] = {.least_variants = 2,
                          .most_variants = 2,
                          .variants_rule = "a holdout has two variants: the control is kept out",
                          .ready_rule = "it takes two variants to run",
                          .needs_control = true,
                          .can_hold_out = true},
};

const char *const campaign_kind_words[CAMPAIGN_KINDS + 1] = {
    [CAMPAIGN_EXPERIMENT] = "experiment",
    [CAMPAIGN_ROLLOUT] = "rollout",
    [CAMPAIGN_HOLDOUT] = "holdout",
};

const char *const campaign_status_words[CAMPAIGN_STATUSES + 1] = {
    [CAMPAIGN_DRAFT] = "draft",     [CAMPAIGN_RUNNING] = "running",   [CAMPAIGN_PAUSED] = "paused",
    [CAMPAIGN_STOPPED] = "stopped", [CAMPAIGN_ARCHIVED] = "archived",
};

static unsigned index_of(const char *const *words, const json_t *word)
{
    const char *name = json_string_value(word);
    unsigned i = 0;
    must(name);
    while (words[i] && strcmp(words[i], name) != 0)
        i++;
    must(words[i]);
    return i;
}

enum campaign_kind campaign_kind_of(const json_t *document)
{
    return (enum campaign_kind)index_of(campaign_kind_words, json_object_get(document, "kind"));
}

enum campaign_status campaign_status_of(const json_t *document)
{
    return (enum campaign_status)index_of(campaign_status_words,
                                          json_object_get(document, "status"));
}
