// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Metrics: what is measured, defined over events. The document is what a person writes; the
 * definition compiled from it is what the fold computes with:
 *
 *   {"kind", "numerator": {"event", "value": null|path, "filter": null|jsonpath},
 *    "denominator": null|{…}, "window_hours": null|n, "cap": null|fixed point, "scale": n,
 *    "is_money": bool}
 *
 * 'scale' is what a value is multiplied by to become a whole number: the currency's minor units for
 * money, 1,000,000 for other sums, 1 where nothing but events is counted.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

extern const struct field metric_fields[];

/* Context: used_by, the key of a campaign that has not ended and uses it, or null; currency. The
 * plan gets the definition. */
change_fn metric_change;

/* Checks what no row of the table can (which fields go with which kind), and compiles a canonical
 * document. Returns a new reference through *ret_definition. */
enum err metric_compile(const json_t *document, const char *currency, json_t **ret_definition,
                        struct fault *ret_fault) must_use;

/* Is a field's check: ERR_INVALID when the text is not a dotted path into an event's properties. */
enum err metric_check_path(const json_t *value, struct fault *ret_fault);

/* Returns a new reference to [{"document", "definition"}] of the metrics each environment begins
 * with. */
json_t *metric_builtins(const char *currency);
