// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk tells those who watch the server.
 */
#pragma once

#include "io/route.h"

/* GET /metrics: for whoever sends the metrics_token; without one, for private addresses that no
 * proxy speaks for. Also when the database is away; then without what only it knows. */
route_fn watch_metrics;
/* GET /readyz: 503 when the database is away, else 200; "degraded" names what lags. */
route_fn watch_ready;
