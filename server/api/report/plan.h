// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * POST /api/v1/plan: how many visitors and how long, or what can be seen with those there are, from
 * what the environment's visitors did in the last weeks. Handler of the desk's route table.
 */
#pragma once

#include "api/route/route.h"
#include "base/json/field.h"

/* The request, and what answers it. */
extern const struct field plan_fields[];
extern const struct field plan_reply_fields[];

extern const struct route plan_routes[];
