// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Campaigns: what a marketer runs. A draft may lack what it takes to run (variants, metrics), but
 * whatever it has is right. Changing variants, weights, audience or triggers of a started campaign
 * opens a new phase, with a new seed or, where that is asked for, with the one before; how it is
 * judged (campaign_statistics.h) cannot change any more; everything else applies to the phase that
 * is open.
 */
#pragma once

#include "base/json/field.h"
#include "model/campaign/campaign_kind.h"
#include "model/change.h"

#include <stdbool.h>

extern const struct field campaign_fields[];

/* What was concluded; how it is told when a campaign stops; and what shipping takes. */
extern const struct field campaign_decision_fields[], campaign_stop_fields[],
    campaign_ship_fields[], campaign_copy_fields[];

/* Context: {"flags": {key: type}, "metrics": {key: kind}, "layers": {key: free buckets}, "held":
 * buckets it has, "copy_key" and "rollout_key": free ones, "allows_html": of the environment,
 * "rivals": of collision.h}. The plan: status, phase {seed, document},
 * layer {key, buckets}, is_ended, is_deleted, rollout {document, phase}. A start, and a change of
 * what runs, reveals collisions. */
change_fn campaign_change;

/* What the table cannot say of a canonical document: names that exist, weights, one control… */
enum err campaign_check(const json_t *document, const json_t *context,
                        struct fault *ret_fault) must_use;
/* The part of it that is about metrics. */
enum err campaign_check_metrics(const json_t *document, const json_t *context,
                                struct fault *ret_fault) must_use;
/* What it takes to run, beyond campaign_check. ERR_CONFLICT with a sentence. */
enum err campaign_check_ready(const json_t *document, struct fault *ret_fault) must_use;
/* campaign_decision.c: whether the decision, if there is one, names a variant that it can be about.
 */
enum err campaign_decision_check(const json_t *document, struct fault *ret_fault) must_use;
/* Moves that end a campaign, 'document' being what it writes of itself, which they fill in:
 * stopping may say what was concluded; shipping says that a variant won, and plans the rollout of
 * it. */
enum err campaign_stop_plan(struct change *change, json_t *document,
                            struct fault *ret_fault) must_use;
enum err campaign_ship_plan(struct change *change, json_t *document,
                            struct fault *ret_fault) must_use;
