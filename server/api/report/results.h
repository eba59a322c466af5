// SPDX-License-Identifier: GPL-3.0-or-later
/* What a campaign's phase shows so far. */
#pragma once

#include "api/route/route.h"

extern const struct route results_routes[];
