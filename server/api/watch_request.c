// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk_routes.h"
#include "api/edge_private.h"
#include "api/request_log.h"
#include "api/watch_private.h"

#include <stdio.h>

static const struct side {
    const char *port;
    const struct route *routes;
    const size_t *route_count;
    size_t first, last; /* its processes' places */
} sides[] = {{"edge", edge_routes, &edge_route_count, 0, COUNTER_EDGES - 1},
             {"desk", desk_routes, &desk_route_count, COUNTER_DESK, COUNTER_DESK}};

/* Of place 0, which is no route: an empty path. */
static void write_labels(char out[160], const struct side *side, size_t place)
{
    const struct route *route = place ? &side->routes[place - 1] : NULL;
    snprintf(out, 160, "port=\"%s\",method=\"%s\",route=\"%s\"", side->port,
             route ? request_log_verb(route->verb) : "", route ? route->path : "");
}

static uint64_t sum_code(struct counter_page *page, const struct side *side, size_t place,
                         size_t code)
{
    uint64_t sum = 0;
    for (size_t slot = side->first; slot <= side->last; slot++)
        sum += atomic_load_explicit(&page->slots[slot].codes[place][code], memory_order_relaxed);
    return sum;
}

static void write_codes(struct buf *b, struct counter_page *page, const struct side *side)
{
    char labels[160];
    for (size_t place = 0; place <= *side->route_count; place++)
        for (size_t code = 0; code < COUNTER_CODES; code++) {
            uint64_t sum = sum_code(page, side, place, code);
            if (sum == 0)
                continue;
            write_labels(labels, side, place);
            buf_printf(b, "mete_requests_total{%s,code=\"%d\"} %llu\n", labels,
                       counter_statuses[code], (unsigned long long)sum);
        }
}

static void write_latency(struct buf *b, struct counter_page *page, const struct side *side)
{
    char labels[160];
    for (size_t place = 1; place <= *side->route_count; place++) {
        struct watch_sum sum = {0};
        uint64_t count = 0;
        for (size_t slot = side->first; slot <= side->last; slot++)
            watch_sum(&sum, &page->slots[slot].latency[place]);
        for (size_t i = 0; i <= COUNTER_BOUNDS; i++)
            count += sum.buckets[i];
        write_labels(labels, side, place);
        if (count > 0)
            watch_write_histogram(b, &counter_latency, labels, &sum);
    }
}

void watch_write_requests(struct buf *b, struct counter_page *page)
{
    watch_write_head(b, "mete_requests_total", "counter",
                     "Replies by port, method, route and status; a status of 0: another one.");
    for (size_t i = 0; i < 2; i++)
        write_codes(b, page, &sides[i]);
    watch_write_head(b, counter_latency.name, "histogram", counter_latency.help);
    for (size_t i = 0; i < 2; i++)
        write_latency(b, page, &sides[i]);
}
