// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Imports: files of past experiments that were read in. One begins by a campaign's move "import",
 * which tells what the file holds; it is finished when every event was sent, and taken back as a
 * whole, with its campaign.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

extern const struct field import_fields[];

/* What the move "import" of a campaign tells, and the move "finish" of an import. */
extern const struct field import_told_fields[];
extern const struct field import_finish_fields[];

/* Reads what the move "import" tells into the plan. */
enum err import_plan(struct change *change, struct fault *ret_fault) must_use;
change_fn import_change;
