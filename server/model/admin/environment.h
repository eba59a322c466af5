// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Environments: production, staging, or one per site, each with its own keys, campaigns and
 * origins. The currency never changes, since sums of money are kept in its minor units. Whether a
 * time zone exists is for the database to say.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

extern const struct field environment_fields[];
/* What the move "panic" takes. */
extern const struct field environment_panic_fields[];

/* Context: used_by, the key of a running or paused campaign, or null; others, the number of other
 * environments. On create the plan carries the built-in metrics. The move "panic" takes
 * environment_panic_fields. */
change_fn environment_change;
