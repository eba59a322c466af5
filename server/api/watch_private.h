// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files behind watch.h share.
 */
#pragma once

#include "api/watch.h"

/* One distribution, added up over slots. */
struct watch_sum {
    uint64_t buckets[COUNTER_BOUNDS + 1];
    uint64_t sum;
};

void watch_sum(struct watch_sum *sum, struct counter_distribution *d);
/* 'labels' is "" or name="value" pairs with commas between. */
void watch_write_histogram(struct buf *b, const struct counter_scale *scale, const char *labels,
                           const struct watch_sum *sum);
/* The enum counter_who of a slot; 0: the supervisor. */
unsigned watch_who(size_t place);

/* watch_request.c: requests by route and code, and how long they took */
void watch_write_requests(struct buf *b, struct counter_page *page);
/* watch_process.c: memory and processor time, from /proc */
void watch_write_processes(struct buf *b, struct counter_page *page);
