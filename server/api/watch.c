// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch.h"

#include "api/watch_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const types[] = {[COUNTER_SUM] = "counter",
                                    [COUNTER_GAUGE_SUM] = "gauge",
                                    [COUNTER_GAUGE] = "gauge",
                                    [COUNTER_GROWING] = "counter",
                                    [COUNTER_AGE] = "gauge"};

unsigned watch_who(size_t place)
{
    if (place < COUNTER_EDGES)
        return WHO_EDGE;
    return place == COUNTER_DESK ? WHO_DESK : place == COUNTER_WORKER ? WHO_WORKER : 0;
}

void watch_write_head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void watch_write_sample(struct buf *b, const char *name, const char *label, double value)
{
    buf_add_str(b, name);
    if (label)
        buf_printf(b, "{%s}", label);
    if (value == floor(value) && fabs(value) < 1e15)
        buf_printf(b, " %.0f\n", value);
    else
        buf_printf(b, " %.9g\n", value);
}

static uint64_t load(_Atomic uint64_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

/* Accounts are read whole, so that their sum holds the promise too. */
static void add_up(struct counter_page *page, uint64_t sums[COUNTER_COUNT])
{
    memset(sums, 0, COUNTER_COUNT * sizeof(*sums));
    for (size_t place = 0; place < COUNTER_SLOTS; place++) {
        struct counter_slot *slot = &page->slots[place];
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
    for (size_t place = 0; place < COUNTER_SLOTS; place++) {
        struct counter_slot *slot = &page->slots[place];
        uint64_t value = load(&slot->cells[c]);
        if (!slot->name[0] || !(row->who & watch_who(place)) ||
            (row->kind == COUNTER_AGE && value == 0))
            continue;
        char label[64];
        snprintf(label, sizeof(label), "process=\"%s\"", slot->name);
        double shown = row->kind == COUNTER_AGE ? (double)(now - value) * 1e-6 : (double)value;
        watch_write_sample(b, row->name, label, shown);
    }
}

static void write_rows(struct buf *b, struct counter_page *page)
{
    uint64_t sums[COUNTER_COUNT];
    add_up(page, sums);
    for (int c = 0; c < COUNTER_COUNT; c++) {
        const struct counter_row *row = &counter_rows[c];
        if (row->help)
            watch_write_head(b, row->name, types[row->kind], row->help);
        if (row->kind == COUNTER_SUM || row->kind == COUNTER_GAUGE_SUM)
            watch_write_sample(b, row->name, row->label, (double)sums[c]);
        else
            write_each(b, page, (enum counter)c);
    }
}

void watch_sum(struct watch_sum *sum, struct counter_distribution *d)
{
    for (int i = 0; i <= COUNTER_BOUNDS; i++)
        sum->buckets[i] += load(&d->buckets[i]);
    sum->sum += load(&d->sum);
}

void watch_write_histogram(struct buf *b, const struct counter_scale *scale, const char *labels,
                           const struct watch_sum *sum)
{
    const char *comma = labels[0] ? "," : "";
    uint64_t count = 0;
    for (int i = 0; i < COUNTER_BOUNDS && scale->bounds[i]; i++) {
        count += sum->buckets[i];
        buf_printf(b, "%s_bucket{%s%sle=\"%.9g\"} %llu\n", scale->name, labels, comma,
                   (double)scale->bounds[i] * scale->unit, (unsigned long long)count);
    }
    count += sum->buckets[COUNTER_BOUNDS];
    buf_printf(b, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", scale->name, labels, comma,
               (unsigned long long)count);
    const char *open = labels[0] ? "{" : "", *close = labels[0] ? "}" : "";
    buf_printf(b, "%s_sum%s%s%s %.9g\n", scale->name, open, labels, close,
               (double)sum->sum * scale->unit);
    buf_printf(b, "%s_count%s%s%s %llu\n", scale->name, open, labels, close,
               (unsigned long long)count);
}

static void write_histograms(struct buf *b, struct counter_page *page)
{
    for (int h = 0; h < HISTOGRAM_COUNT; h++) {
        struct watch_sum sum = {0};
        for (size_t place = 0; place < COUNTER_SLOTS; place++)
            watch_sum(&sum, &page->slots[place].distributions[h]);
        watch_write_head(b, counter_scales[h].name, "histogram", counter_scales[h].help);
        watch_write_histogram(b, &counter_scales[h], "", &sum);
    }
}

void watch_write(struct buf *b, struct counter_page *page)
{
    write_rows(b, page);
    write_histograms(b, page);
    watch_write_requests(b, page);
    watch_write_processes(b, page);
}
