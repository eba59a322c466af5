// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Dimensions: what results can be broken down by. A dimension says where its value is read in the
 * properties of an exposure, and which values are told apart. Every unit is counted under one value
 * of each; that no list is longer than DIMENSION_VALUES, and that an environment has no more than
 * DIMENSIONS_MOST, bounds what is kept of a campaign. A campaign keeps the dimensions that there
 * were when it was started.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

#define DIMENSION_VALUES 50
#define DIMENSIONS_MOST  20

extern const struct field dimension_fields[];

/* Context: count, how many the environment has. A built-in one can be renamed, nothing else. */
change_fn dimension_change;
