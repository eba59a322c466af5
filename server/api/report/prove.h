// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * POST /api/v1/prove: starts the job that tries a campaign's tests on its own visitors.
 */
#pragma once

#include "api/route/route.h"

extern const struct route prove_routes[];
