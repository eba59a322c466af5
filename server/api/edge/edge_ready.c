// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/process/counter.h"

/* The version is asked for every 5 s. */
#define SNAPSHOT_AGE_MOST_US (60 * SECOND_US)

void edge_livez(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    http_reply(request, 200, "text/plain", "ok\n", 3);
}

static bool is_snapshot_old(const struct edge *e)
{
    uint64_t age_us = counter_now() - counter_get(COUNTER_SNAPSHOT_ASKED);
    return snapshot_feed_is_ready(e->feed) && age_us > (uint64_t)SNAPSHOT_AGE_MOST_US;
}

/* What is not as it should be; none of it alone keeps visitors from being served. */
static void add_degraded(struct buf *b, const struct edge *e)
{
    const struct {
        bool is_so;
        const char *name;
    } causes[] = {
        {!pg_is_up(e->reads) || !pg_is_up(e->writes), "database_away"},
        {!snapshot_feed_is_ready(e->feed), "no_snapshot"},
        {snapshot_feed_refused(e->feed) > 0, "snapshot_refused"},
        {is_snapshot_old(e), "snapshot_old"},
        {counter_get(COUNTER_SPOOL_WAITING) > 0, "spool_not_empty"},
        {counter_get(COUNTER_SPOOL_FULL) > 0, "spool_full"},
    };
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
        if (!causes[i].is_so)
            continue;
        json_add_comma(b);
        json_add_string(b, causes[i].name);
    }
}

/* 200 while visitors can be decided for and their events taken: a balancer must not take an edge
 * out for less. */
void edge_readyz(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct edge *e = arg;
    bool can_decide = snapshot_feed_is_ready(e->feed);
    bool can_store = ingest_is_ready(e->ingest);
    auto_buf struct buf degraded = {0}, b = {0};
    add_degraded(&degraded, e);
    const char *status = !can_decide                     ? "not_ready"
                         : degraded.length || !can_store ? "degraded"
                                                         : "ready";
    buf_printf(&b,
               "{\"status\":\"%s\",\"snapshot\":%lld,\"can_decide\":%s,\"can_store\":%s,"
               "\"degraded\":[%s]}\n",
               status, (long long)snapshot_feed_version(e->feed), can_decide ? "true" : "false",
               can_store ? "true" : "false", degraded.length ? degraded.data : "");
    http_reply(request, can_decide && can_store ? 200 : 503, "application/json", b.data, b.length);
}
