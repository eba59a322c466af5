// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/live-events: what came in the last hour, the last first: stored, with what it did to
 * results, or refused. However much comes, a bounded part of it is looked at. Handler of the desk's
 * route table.
 */
#pragma once

#include "api/route/route.h"

extern const struct route live_routes[];
