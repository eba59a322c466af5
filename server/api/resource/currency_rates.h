// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * /api/v1/currency-rates: what currencies were worth, by day; listed, put in one by one or by a
 * file, and taken out. Handlers of the desk's route table.
 */
#pragma once

#include "api/route/route.h"

extern const struct route currency_rate_routes[];
