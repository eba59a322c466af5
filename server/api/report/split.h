// SPDX-License-Identifier: GPL-3.0-or-later
/* GET /campaigns/{key}/split: where the variants' sizes do not fit, by day and by dimension. */
#pragma once

#include "api/route/route.h"

extern const struct route split_routes[];
