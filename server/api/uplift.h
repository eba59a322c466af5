// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/uplifts: how all campaigns of an environment stand by their first goal, in one
 * request, for lists. No test, no interval: the campaign's results have these.
 */
#pragma once

#include "base/field.h"
#include "io/http.h"
#include "io/route.h"

extern const struct field uplift_reply_fields[];

route_fn uplift_list;
