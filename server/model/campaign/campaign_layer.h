// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A campaign's share of a layer.
 */
#pragma once

#include "base/err.h"
#include "model/change.h"

#include <stdbool.h>

/* Whether the kind may have a layer, and there is the one that is named; the context is
 * campaign.h's. */
enum err campaign_layer_check(const json_t *document, const json_t *context,
                              struct fault *ret_fault) must_use;

/* Plans to take what the document asks for beyond what the campaign has. ERR_CONFLICT when the
 * share got smaller, or there is no room. */
enum err campaign_layer_plan(struct change *change, const json_t *document,
                             struct fault *ret_fault) must_use;

bool campaign_layer_is_same(const json_t *before, const json_t *after);
