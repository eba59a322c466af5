// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE kinds of campaigns and THE states of their lives: one row of rules a kind, read by whoever
 * checks, changes, compiles or shows a campaign. Names are those of JSON and SQL.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum campaign_kind {
    CAMPAIGN_EXPERIMENT, /* compares variants */
    CAMPAIGN_ROLLOUT,    /* hands them out */
    CAMPAIGN_HOLDOUT,    /* keeps visitors out of everything else */
    CAMPAIGN_KINDS
};

enum campaign_status {
    CAMPAIGN_DRAFT,
    CAMPAIGN_RUNNING,
    CAMPAIGN_PAUSED,
    CAMPAIGN_STOPPED,
    CAMPAIGN_ARCHIVED,
    CAMPAIGN_STATUSES
};

struct campaign_rules {
    size_t least_variants, most_variants;
    const char *variants_rule; /* the sentence for another number of variants */
    const char *ready_rule;    /* the sentence for none, when it is to start */
    bool needs_control;        /* one variant must be what the others are compared with */
    bool needs_metric;         /* it cannot start without one */
    bool can_have_layer;
    bool can_hold_out; /* its control gets nothing else, and nobody is held out of it */
};

extern const struct campaign_rules campaign_rules[CAMPAIGN_KINDS];
/* By enum, ended by NULL. */
extern const char *const campaign_kind_words[CAMPAIGN_KINDS + 1];
extern const char *const campaign_status_words[CAMPAIGN_STATUSES + 1];

/* Read the "kind" and the "status" of a campaign's checked document. */
enum campaign_kind campaign_kind_of(const json_t *document);
enum campaign_status campaign_status_of(const json_t *document);
