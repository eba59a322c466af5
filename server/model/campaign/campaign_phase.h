// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is frozen when a phase of a campaign opens.
 */
#pragma once

#include "model/change.h"

/* {"audience", "triggers", "variants": [{"key", "weight", "is_control", "flags", "changes"}]}:
 * what, when it changes, opens another phase. A new reference. */
json_t *campaign_phase_document(const json_t *document);

/* {"seed", "document"} of a new phase: the rules of judgement go with it, but are no reason for
 * one. A new reference. */
json_t *campaign_phase_open(const json_t *document, const char *seed);
/* Plans it. */
void campaign_phase_plan(struct change *change, const json_t *document);
