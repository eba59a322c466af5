// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * When and where a campaign begins on a web page: pages by address, and moments. The browser SDK
 * judges them; the exposure is sent when both are met, in every arm alike.
 */
#pragma once

#include "base/json/field.h"

/* The fields of a campaign's "triggers". */
extern const struct field trigger_fields[];

/* What the table cannot say: patterns that compile, and what each moment takes. The pointer begins
 * at the triggers. */
enum err trigger_check(const json_t *triggers, struct fault *ret_fault) must_use;
