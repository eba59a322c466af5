// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Totals a day: what somebody counted of an experiment elsewhere, by day and variant, in place of
 * visitors and their events. Checked as a whole, by the server and by who sends them: sums that no
 * visitors can have made are refused where they stand. Pure.
 */
#pragma once

#include "base/json/field.h"

#define TOTALS_ROWS 3000

/* {"visitors": "new"|"daily", "rows": [{"day", "variant", "visitors",
 * "sums": {metric: {"sum", "squares"}}}]} */
extern const struct field totals_fields[];

/* Checks a canonical document against the keys of variants (an array of {"key"}) and the kinds of
 * the metrics that it must hold, {key: kind}; null: the kind is not known. ERR_INVALID: the pointer
 * begins at the document. */
enum err totals_check(const json_t *totals, const json_t *variants, const json_t *kinds,
                      struct fault *ret_fault) must_use;

/* Returns a new reference to what is told of totals without their rows: {"visitors", "metrics":
 * {key: {"has_squares"}}}. */
json_t *totals_outline(const json_t *totals);
