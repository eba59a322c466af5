// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Flags: named values that pages ask for. A variant sets flags, the default is what everybody else
 * gets. The type never changes, since campaigns and pages rely on it.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

extern const struct field flag_fields[];

/* Context: used_by, the key of a campaign that has not ended and sets the flag, or null. */
change_fn flag_change;

/* Whether a value is of a flag's type: "boolean", "string", "number", "json" (anything). The fault
 * points at the value itself. */
enum err flag_check_value(const char *type, const json_t *value, struct fault *ret_fault) must_use;
