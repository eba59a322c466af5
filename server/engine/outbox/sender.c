// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/outbox/sender.h"

#include "base/mem.h"
#include "base/process/log.h"
#include "store/connection.h"

#define CONSUMERS_MOST 16

struct sender {
    struct sender_options options;
    struct loop *loop;
    struct connection *connection;
    void *consumers[CONSUMERS_MOST]; /* by sender_consumers */
    size_t count;
    size_t running; /* consumers that have not stopped yet */
    loop_fn *on_drained;
    void *drained_arg;
};

static void on_ready(void *arg)
{
    struct sender *s = arg;
    log_info("connected to the database");
    for (size_t i = 0; i < s->count && !s->on_drained; i++)
        sender_consumers[i].begin(s->consumers[i]);
}

static void on_unfit(void *arg, const char *why)
{
    struct sender *s = arg;
    s->options.on_unfit(s->options.arg, why);
}

static void on_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("no connection to the database: %s", why);
}

struct sender *sender_new(struct loop *l, const struct sender_options *options)
{
    struct sender *s = mem_zalloc(sizeof(*s));
    s->options = *options;
    s->loop = l;
    const struct connection_options connection = {
        .user = CONNECTION_SENDER,
        .conninfo = options->conninfo,
        .name = options->name,
        .on_ready = on_ready,
        .on_unfit = on_unfit,
        .on_down = on_down,
        .arg = s,
    };
    s->connection = connection_open(l, &connection);
    for (; sender_consumers[s->count].name; s->count++) {
        must(s->count < CONSUMERS_MOST);
        s->consumers[s->count] = sender_consumers[s->count].make(l, connection_pg(s->connection));
    }
    return s;
}

static void on_stopped(void *arg)
{
    struct sender *s = arg;
    if (--s->running == 0)
        s->on_drained(s->drained_arg);
}

/* One more than there are consumers: it also ends where there is none. */
void sender_drain(struct sender *s, loop_fn *fn, void *arg)
{
    s->on_drained = fn;
    s->drained_arg = arg;
    s->running = s->count + 1;
    for (size_t i = 0; i < s->count; i++)
        sender_consumers[i].stop(s->consumers[i], on_stopped, s);
    loop_defer(s->loop, on_stopped, s);
}

void sender_free(struct sender *s)
{
    connection_close(s->connection);
    for (size_t i = 0; i < s->count; i++)
        sender_consumers[i].free(s->consumers[i]);
    mem_free(s);
}
