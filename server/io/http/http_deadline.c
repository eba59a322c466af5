// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/clock.h"

static void arm(struct http_server *s, int64_t at_us)
{
    if (at_us >= s->due_timer_us)
        return;
    s->due_timer_us = at_us;
    loop_timer_set(s->due_timer, at_us - s->now_us);
}

/* Deadlines of one kind nearly always come in their order: the walk ends at once, except after the
 * limits were lowered. */
static void insert(struct http_connection *c)
{
    struct http_due *queue = &c->server->due[c->deadline];
    struct http_connection *before = TAILQ_LAST(queue, http_due);
    while (before && before->queued_us > c->queued_us)
        before = TAILQ_PREV(before, http_due, due);
    if (before)
        TAILQ_INSERT_AFTER(queue, before, c, due);
    else
        TAILQ_INSERT_HEAD(queue, c, due);
}

void http_deadline_clear(struct http_connection *c)
{
    if (c->deadline == DEADLINE_NONE)
        return;
    TAILQ_REMOVE(&c->server->due[c->deadline], c, due);
    c->deadline = DEADLINE_NONE;
}

void http_deadline_set(struct http_connection *c, enum http_deadline kind, int64_t at_us)
{
    struct http_server *s = c->server;
    if (s->is_draining && kind != DEADLINE_NONE && at_us > s->drain_us) {
        kind = DEADLINE_DRAIN;
        at_us = s->drain_us;
    }
    c->deadline_us = at_us;
    /* A deadline that only moves on keeps its place until the timer comes by: for a busy
     * connection, setting it is this one store. */
    if (kind == c->deadline && at_us >= c->queued_us)
        return;
    http_deadline_clear(c);
    if (kind == DEADLINE_NONE)
        return;
    c->deadline = (unsigned char)kind;
    c->queued_us = at_us;
    insert(c);
    arm(s, at_us);
}

static void expire(struct http_server *s, struct http_due *queue)
{
    struct http_connection *c;
    while ((c = TAILQ_FIRST(queue)) && c->queued_us <= s->now_us) {
        if (c->deadline_us > s->now_us) {
            TAILQ_REMOVE(queue, c, due);
            c->queued_us = c->deadline_us;
            insert(c);
            continue;
        }
        http_deadline_clear(c);
        http_connection_expire(c);
    }
}

void http_deadline_on_timer(void *arg)
{
    struct http_server *s = arg;
    s->now_us = clock_mono_us();
    s->due_timer_us = INT64_MAX;
    for (int kind = 0; kind < DEADLINE_COUNT; kind++)
        expire(s, &s->due[kind]);
    for (int kind = 0; kind < DEADLINE_COUNT; kind++)
        if (!TAILQ_EMPTY(&s->due[kind]))
            arm(s, TAILQ_FIRST(&s->due[kind])->queued_us);
}
