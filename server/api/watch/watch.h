// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the counters of all processes say, as text for Prometheus (format 0.0.4). Reads the page and
 * /proc; asks nobody.
 */
#pragma once

#include "api/route/route.h"
#include "base/process/counter.h"
#include "base/text.h"

/* One port whose requests are counted: its route table, and the slots of its processes. */
struct watch_port {
    const char *name;
    struct route_table routes;
    size_t first, last;
};

#define WATCH_PORTS 2

/* What is shown, and to whom; handed in when the desk starts. */
struct watch {
    struct counter_page *counters;
    struct watch_port ports[WATCH_PORTS];
    const char *token; /* "": only private addresses may ask */
};

/* Every cell of counter_rows, the histograms, the requests by route, and what the processes use. */
void watch_write(struct buf *b, const struct watch *watch);
