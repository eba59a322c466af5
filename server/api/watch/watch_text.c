// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch/watch_text.h"

#include <math.h>

void watch_text_head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void watch_text_sample(struct buf *b, const char *name, const char *label, double value)
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

void watch_text_sum(struct watch_text_sum *sum, struct counter_distribution *d)
{
    for (int i = 0; i <= COUNTER_BOUNDS; i++)
        sum->buckets[i] += load(&d->buckets[i]);
    sum->sum += load(&d->sum);
}

void watch_text_histogram(struct buf *b, const struct counter_scale *scale, const char *labels,
                          const struct watch_text_sum *sum)
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
