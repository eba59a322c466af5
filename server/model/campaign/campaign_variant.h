// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The variants of a campaign: how many its kind has, their weights and control, the flags they set
 * and the changes they make; and who is forced into one.
 */
#pragma once

#include "base/err.h"
#include "model/campaign/campaign_kind.h"

/* Variants alone, whose fields have been read: their number, keys, weights and control. The pointer
 * begins where "variants" is a member. */
enum err campaign_variant_check_arms(enum campaign_kind kind, const json_t *variants,
                                     struct fault *ret_fault) must_use;

/* All that a document says of variants, against the context (campaign.h). None at all are
 * incomplete, and no error; some must be right. */
enum err campaign_variant_check(const json_t *document, const json_t *context,
                                struct fault *ret_fault) must_use;

/* Whoever is forced is forced into a variant that there is. */
enum err campaign_variant_check_forced(const json_t *document, struct fault *ret_fault) must_use;
