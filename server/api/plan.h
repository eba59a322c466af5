// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * POST /api/v1/plan: how many visitors and how long, or what can be seen with those there are, from
 * what the environment's visitors did in the last weeks. Handler of the desk's route table.
 */
#pragma once

#include "base/field.h"
#include "io/http.h"
#include "io/route.h"

/* The request, and what answers it. */
extern const struct field plan_fields[];
extern const struct field plan_reply_fields[];

route_fn plan_show;
