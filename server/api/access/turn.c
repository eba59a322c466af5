// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/turn.h"

#include "base/mem.h"

#define WAITING_MOST 256

struct turn {
    struct turn_queue *queue; /* NULL: free */
    struct loop_timer *timer;
    turn_fn *fn;
    void *arg;
};

struct turn_queue {
    struct loop *loop;
    struct turn turns[WAITING_MOST];
};

struct turn_queue *turn_queue_new(struct loop *l)
{
    struct turn_queue *q = mem_zalloc(sizeof(*q));
    q->loop = l;
    return q;
}

static void call(void *arg)
{
    struct turn *t = arg, called = *t;
    loop_timer_free(t->timer);
    *t = (struct turn){0};
    called.fn(called.arg);
}

void turn_queue_free(struct turn_queue *q)
{
    for (size_t i = 0; i < WAITING_MOST; i++)
        if (q->turns[i].queue)
            call(&q->turns[i]);
    mem_free(q);
}

enum err turn_wait(struct turn_queue *q, int64_t wait_us, turn_fn *fn, void *arg)
{
    if (wait_us <= 0) {
        fn(arg);
        return ERR_OK;
    }
    for (size_t i = 0; i < WAITING_MOST; i++) {
        struct turn *t = &q->turns[i];
        if (t->queue)
            continue;
        *t = (struct turn){q, loop_timer_new(q->loop, call, t), fn, arg};
        loop_timer_set(t->timer, wait_us);
        return ERR_OK;
    }
    return ERR_BUSY;
}
