// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Rows of a campaign for analysts, at the desk: …/exposures, …/outcomes and …/events, page by page.
 */
#pragma once

#include "api/route/route.h"

extern const struct route export_routes[];
