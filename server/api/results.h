// SPDX-License-Identifier: GPL-3.0-or-later
/* What a campaign's phase shows so far. */
#pragma once

#include "io/route.h"

route_fn results_show;
