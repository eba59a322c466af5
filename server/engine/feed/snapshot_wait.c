// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_wait.h"

#include "base/clock.h"

#include <stddef.h>

#define TIMEOUT_US SECOND_US

static void tell(struct snapshot_wait **waits, bool is_newest)
{
    struct snapshot_wait *wait = *waits;
    *waits = NULL;
    while (wait) {
        struct snapshot_wait *next = wait->next;
        wait->fn(wait->arg, is_newest);
        wait = next;
    }
}

static void tell_all(void *arg)
{
    struct snapshot_waits *w = arg;
    tell(&w->asked, false);
    tell(&w->waiting, false);
}

void snapshot_waits_init(struct snapshot_waits *w, struct loop *l)
{
    w->timeout = loop_timer_new(l, tell_all, w);
}

void snapshot_waits_done(struct snapshot_waits *w)
{
    loop_timer_free(w->timeout);
}

void snapshot_waits_add(struct snapshot_waits *w, struct snapshot_wait *wait)
{
    if (!w->asked && !w->waiting)
        loop_timer_set(w->timeout, TIMEOUT_US);
    wait->next = w->waiting;
    w->waiting = wait;
}

bool snapshot_waits_begin(struct snapshot_waits *w)
{
    if (w->is_asking || w->asked || !w->waiting)
        return false;
    w->asked = w->waiting;
    w->waiting = NULL;
    w->is_asking = true;
    loop_timer_set(w->timeout, TIMEOUT_US);
    return true;
}

void snapshot_waits_on_answer(struct snapshot_waits *w, bool has_answer)
{
    w->is_asking = false;
    if (!has_answer)
        tell_all(w);
}

bool snapshot_waits_is_due(const struct snapshot_waits *w)
{
    return w->asked && !w->is_asking;
}

void snapshot_waits_end(struct snapshot_waits *w, bool is_newest)
{
    loop_timer_clear(w->timeout);
    tell(&w->asked, is_newest);
}
