// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/uplifts: how all campaigns of an environment stand by their first goal, in one
 * request, for lists. No test, no interval: the campaign's results have these.
 */
#pragma once

#include "api/route/route.h"

extern const struct route uplift_routes[];
