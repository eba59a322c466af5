// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch/watch.h"

#include "api/watch/watch_private.h"

#include <stdio.h>
#include <string.h>

static const char *const types[] = {[COUNTER_SUM] = "counter",
                                    [COUNTER_GAUGE_SUM] = "gauge",
                                    [COUNTER_GAUGE] = "gauge",
                                    [COUNTER_GROWING] = "counter",
                                    [COUNTER_AGE] = "gauge"};

/* The enum counter_who of a slot; 0: the supervisor. */
static unsigned who_of(size_t index)
{
    static const unsigned others[] = {
        [COUNTER_DESK - COUNTER_EDGES] = WHO_DESK,
        [COUNTER_WORKER - COUNTER_EDGES] = WHO_WORKER,
        [COUNTER_SENDER - COUNTER_EDGES] = WHO_SENDER,
        [COUNTER_SUPERVISOR - COUNTER_EDGES] = 0,
    };
    return index < COUNTER_EDGES ? WHO_EDGE : others[index - COUNTER_EDGES];
}

static uint64_t load(_Atomic uint64_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

/* Accounts are read whole, so that their sum holds the promise too. */
static void add_up(struct counter_page *page, uint64_t sums[COUNTER_COUNT])
{
    memset(sums, 0, COUNTER_COUNT * sizeof(*sums));
    for (size_t index = 0; index < COUNTER_SLOTS; index++) {
        struct counter_slot *slot = &page->slots[index];
        uint64_t account[COUNTER_EVENTS_END];
        counter_account(slot, account);
        for (int c = 0; c < COUNTER_EVENTS_END; c++)
            sums[c] += account[c];
        for (int c = COUNTER_EVENTS_END; c < COUNTER_COUNT; c++)
            sums[c] += load(&slot->cells[c]);
    }
}

static void write_each(struct buf *b, struct counter_page *page, enum counter c)
{
    const struct counter_row *row = &counter_rows[c];
    uint64_t now = counter_now();
    for (size_t index = 0; index < COUNTER_SLOTS; index++) {
        struct counter_slot *slot = &page->slots[index];
        uint64_t value = load(&slot->cells[c]);
        if (!slot->name[0] || !(row->who & who_of(index)) ||
            (row->kind == COUNTER_AGE && value == 0))
            continue;
        char label[64];
        snprintf(label, sizeof(label), "process=\"%s\"", slot->name);
        double shown = row->kind == COUNTER_AGE ? (double)(now - value) * 1e-6 : (double)value;
        watch_text_sample(b, row->name, label, shown);
    }
}

static void write_rows(struct buf *b, struct counter_page *page)
{
    uint64_t sums[COUNTER_COUNT];
    add_up(page, sums);
    for (int c = 0; c < COUNTER_COUNT; c++) {
        const struct counter_row *row = &counter_rows[c];
        if (row->help)
            watch_text_head(b, row->name, types[row->kind], row->help);
        if (row->kind == COUNTER_SUM || row->kind == COUNTER_GAUGE_SUM)
            watch_text_sample(b, row->name, row->label, (double)sums[c]);
        else
            write_each(b, page, (enum counter)c);
    }
}

static void write_histograms(struct buf *b, struct counter_page *page)
{
    for (int h = 0; h < HISTOGRAM_COUNT; h++) {
        struct watch_text_sum sum = {0};
        for (size_t index = 0; index < COUNTER_SLOTS; index++)
            watch_text_sum(&sum, &page->slots[index].distributions[h]);
        watch_text_head(b, counter_scales[h].name, "histogram", counter_scales[h].help);
        watch_text_histogram(b, &counter_scales[h], "", &sum);
    }
}

void watch_write(struct buf *b, const struct watch *watch)
{
    write_rows(b, watch->counters);
    write_histograms(b, watch->counters);
    watch_write_requests(b, watch);
    watch_write_processes(b, watch->counters);
}
