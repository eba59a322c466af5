// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/refusals: how often events were refused, or stored and left out of results, by reason
 * and name, with the last samples. Handler of the desk's route table.
 */
#pragma once

#include "api/route/route.h"

extern const struct route refusal_routes[];
