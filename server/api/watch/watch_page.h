// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk tells those who watch the server.
 */
#pragma once

#include "api/route/route.h"

/* /metrics is for whoever sends the metrics_token; without one, for private addresses that are
 * no trusted proxy's and say of nobody else; also when the database is away, then without what only
 * it knows. /readyz answers 503 when the database is away. */
extern const struct route watch_routes[];
