// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is frozen when a phase of a campaign opens.
 */
#pragma once

#include "model/change.h"

#include <stdbool.h>

/* {"audience", "triggers", "variants": [{"key", "weight", "is_control", "flags", "changes"}]}:
 * what, when it changes, opens another phase. A new reference. */
json_t *campaign_phase_document(const json_t *document);

/* {"seed", "document"} of a new phase: the rules of judgement go with it, but are no reason for
 * one. A new reference. */
json_t *campaign_phase_open(const json_t *document, const char *seed);
/* Plans it, with a new seed or, where the change keeps it, that of the newest phase. */
void campaign_phase_plan(struct change *change, const json_t *document);

/* The share of the visitors of 'before' who get another variant of 'after', or none: with one seed
 * those whose buckets another has, with two all who are not drawn alike twice. Of visitors who are
 * in both audiences. */
double campaign_phase_moved(const json_t *before, const json_t *after, bool keeps_seed);
