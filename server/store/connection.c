// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"

#include "base/clock.h"
#include "base/mem.h"
#include "sql/queries.h"
#include "store/schema.h"
#include "store/statement_private.h"

struct connection {
    struct connection_options options;
    struct pg *pg;
    struct loop_timer *timer; /* asks again for the schema when that failed */
    bool is_fit;
    bool is_closing;
};

static const unsigned groups[] = {
    [CONNECTION_EDGE] = QUERY_FOR_EDGE,     [CONNECTION_DESK] = QUERY_FOR_DESK,
    [CONNECTION_WORKER] = QUERY_FOR_WORKER, [CONNECTION_FOLD] = QUERY_FOR_FOLD,
    [CONNECTION_SENDER] = QUERY_FOR_SENDER,
};

static void on_schema(void *arg, enum err code, const struct fault *fault)
{
    struct connection *c = arg;
    if (c->is_closing)
        return;
    if (code == ERR_STALE || code == ERR_CONFLICT) {
        c->options.on_unfit(c->options.arg, fault->detail);
        return;
    }
    if (code) {
        if (pg_is_up(c->pg))
            loop_timer_set(c->timer, SECOND_US);
        return;
    }
    c->is_fit = true;
    if (c->options.on_ready)
        c->options.on_ready(c->options.arg);
}

static void check_schema(void *arg)
{
    struct connection *c = arg;
    if (pg_is_up(c->pg))
        schema_check(c->pg, on_schema, c);
}

static void on_down(void *arg, const char *why)
{
    struct connection *c = arg;
    loop_timer_clear(c->timer);
    if (c->options.on_down)
        c->options.on_down(c->options.arg, why);
}

static void on_unfit(void *arg, const char *why)
{
    struct connection *c = arg;
    if (!c->is_closing)
        c->options.on_unfit(c->options.arg, why);
}

static void on_notify(void *arg, const char *payload)
{
    const struct connection *c = arg;
    if (c->options.on_notify)
        c->options.on_notify(c->options.arg, payload);
}

struct connection *connection_open(struct loop *l, const struct connection_options *options)
{
    struct connection *c = mem_zalloc(sizeof(*c));
    const struct pg_options pg = {
        .conninfo = options->conninfo,
        .application_name = options->name,
        .statements = queries,
        .statement_count = QUERY_COUNT,
        .groups = groups[options->user],
        .columns = statement_columns,
        .listen_channel = options->listen_channel,
        .statement_timeout_ms = options->statement_timeout_ms,
        .lock_timeout_ms = options->lock_timeout_ms,
        .answer_timeout_us = options->answer_timeout_us,
        .on_up = check_schema,
        .on_down = on_down,
        .on_unfit = on_unfit,
        .on_notify = on_notify,
        .arg = c,
    };
    c->options = *options;
    c->timer = loop_timer_new(l, check_schema, c);
    c->pg = pg_new(l, &pg);
    return c;
}

void connection_close(struct connection *c)
{
    if (!c)
        return;
    c->is_closing = true;
    pg_free(c->pg);
    loop_timer_free(c->timer);
    mem_free(c);
}

struct pg *connection_pg(const struct connection *c)
{
    return c->pg;
}

bool connection_is_ready(const struct connection *c)
{
    return c->is_fit && pg_is_up(c->pg);
}
