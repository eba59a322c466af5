// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lines of the text that Prometheus reads (format 0.0.4): heads, samples, histograms. Knows no
 * counter by name.
 */
#pragma once

#include "base/process/counter.h"
#include "base/text.h"

/* "# HELP" and "# TYPE" of a name; its samples follow. */
void watch_text_head(struct buf *b, const char *name, const char *type, const char *help);
/* 'label' is name="value", or NULL. */
void watch_text_sample(struct buf *b, const char *name, const char *label, double value);

/* One distribution, added up over slots. */
struct watch_text_sum {
    uint64_t buckets[COUNTER_BOUNDS + 1];
    uint64_t sum;
};

void watch_text_sum(struct watch_text_sum *sum, struct counter_distribution *d);
/* 'labels' is "" or name="value" pairs with commas between. */
void watch_text_histogram(struct buf *b, const struct counter_scale *scale, const char *labels,
                          const struct watch_text_sum *sum);
