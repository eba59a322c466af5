// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Layers: campaigns of one layer never share a visitor. A layer has LAYER_BUCKETS buckets, a
 * campaign takes a share of them when it starts and gives them back when it stops.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

#define LAYER_BUCKETS 10000

extern const struct field layer_fields[];

/* Context: used_by, the key of a campaign that has not ended and lies in the layer, or null. */
change_fn layer_change;
