// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/request_log.h"
#include "api/watch/watch_private.h"

#include <stdio.h>

/* Index 0 stands for no route: its path is empty. */
static void write_labels(char out[160], const struct watch_port *port, size_t index)
{
    const struct route *route = index ? &port->routes.rows[index - 1] : NULL;
    snprintf(out, 160, "port=\"%s\",method=\"%s\",route=\"%s\"", port->name,
             route ? request_log_verb(route->verb) : "", route ? route->path : "");
}

static uint64_t sum_code(struct counter_page *page, const struct watch_port *port, size_t index,
                         size_t code)
{
    uint64_t sum = 0;
    for (size_t slot = port->first; slot <= port->last; slot++)
        sum += atomic_load_explicit(&page->slots[slot].codes[index][code], memory_order_relaxed);
    return sum;
}

static void write_codes(struct buf *b, struct counter_page *page, const struct watch_port *port)
{
    char labels[160];
    for (size_t index = 0; index <= port->routes.count; index++)
        for (size_t code = 0; code < COUNTER_CODES; code++) {
            uint64_t sum = sum_code(page, port, index, code);
            if (sum == 0)
                continue;
            write_labels(labels, port, index);
            buf_printf(b, "mete_requests_total{%s,code=\"%d\"} %llu\n", labels,
                       counter_statuses[code], (unsigned long long)sum);
        }
}

static void write_latency(struct buf *b, struct counter_page *page, const struct watch_port *port)
{
    char labels[160];
    for (size_t index = 1; index <= port->routes.count; index++) {
        struct watch_text_sum sum = {0};
        uint64_t count = 0;
        for (size_t slot = port->first; slot <= port->last; slot++)
            watch_text_sum(&sum, &page->slots[slot].latency[index]);
        for (size_t i = 0; i <= COUNTER_BOUNDS; i++)
            count += sum.buckets[i];
        write_labels(labels, port, index);
        if (count > 0)
            watch_text_histogram(b, &counter_latency, labels, &sum);
    }
}

void watch_write_requests(struct buf *b, const struct watch *watch)
{
    watch_text_head(b, "mete_requests_total", "counter",
                    "Replies by port, method, route and status; a status of 0: another one.");
    for (size_t i = 0; i < WATCH_PORTS; i++)
        write_codes(b, watch->counters, &watch->ports[i]);
    watch_text_head(b, counter_latency.name, "histogram", counter_latency.help);
    for (size_t i = 0; i < WATCH_PORTS; i++)
        write_latency(b, watch->counters, &watch->ports[i]);
}
