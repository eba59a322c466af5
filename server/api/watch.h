// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the counters of all processes say, as text for Prometheus (format 0.0.4). Reads the page and
 * /proc; asks nobody.
 */
#pragma once

#include "base/counter.h"
#include "base/text.h"

/* Every cell of counter_rows, the histograms, the requests by route, and what the processes use. */
void watch_write(struct buf *b, struct counter_page *page);

/* For values that stand in no cell: "# HELP" and "# TYPE" of a name, then its samples. */
void watch_write_head(struct buf *b, const char *name, const char *type, const char *help);
/* 'label' is name="value", or NULL. */
void watch_write_sample(struct buf *b, const char *name, const char *label, double value);
