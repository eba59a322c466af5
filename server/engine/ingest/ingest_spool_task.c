// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_spool_private.h"

#include "base/clock.h"
#include "base/process/counter.h"
#include "base/process/log.h"

#include <stdio.h>

void ingest_spool_task_tell(struct ingest_spool *sp)
{
    sp->options.on_change(sp->options.arg);
}

void ingest_spool_task_leave(struct spool_task *t)
{
    const char *news = spool_take_news(t->source->spool);
    t->state = spool_state(t->source->spool);
    snprintf(t->news, sizeof(t->news), "%s", news ? news : "");
}

void ingest_spool_task_count(const struct ingest_spool *sp)
{
    struct spool_state sum = {0};
    for (size_t i = 0; i < sp->source_count; i++) {
        const struct spool_state *one = &sp->sources[i].state;
        sum.items += one->items;
        sum.bytes += one->bytes;
        if (one->oldest_us && (!sum.oldest_us || one->oldest_us < sum.oldest_us))
            sum.oldest_us = one->oldest_us;
    }
    int64_t age_us = sum.oldest_us ? clock_wall_us() - sum.oldest_us : 0;
    counter_set(COUNTER_SPOOL_BYTES, (uint64_t)sum.bytes);
    counter_set(COUNTER_SPOOL_WAITING, (uint64_t)sum.items);
    counter_set(COUNTER_SPOOL_FULL, !sp->is_well);
    counter_set(COUNTER_SPOOL_SINCE, sum.oldest_us ? counter_now() - (uint64_t)age_us : 0);
}

void ingest_spool_task_back(struct spool_task *t)
{
    t->source->state = t->state;
    ingest_spool_task_count(t->sp);
    if (t->news[0])
        log_error("%s", t->news);
}
