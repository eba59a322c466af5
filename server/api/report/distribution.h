// SPDX-License-Identifier: GPL-3.0-or-later
/* POST /campaigns/{key}/distribution: asks the worker for what sums cannot tell. Answers 202 with
 * the job; what it made stands in the results. */
#pragma once

#include "api/route/route.h"

extern const struct route distribution_routes[];
