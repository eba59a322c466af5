// SPDX-License-Identifier: GPL-3.0-or-later
#include "decide/lookup.h"

#include "base/mem.h"

struct lookup {
    struct loop_timer *timer; /* of the timeout, then of the answer */
    lookup_fn *fn;
    void *arg;
    json_t *found;
    bool is_answered;
    bool is_told;
};

static void lookup_free(struct lookup *k)
{
    loop_timer_free(k->timer);
    json_decref(k->found);
    mem_free(k);
}

/* Who was told of a timeout is told nothing more: then the source's answer ends the lookup. */
static void on_timer(void *arg)
{
    struct lookup *k = arg;
    k->is_told = true;
    k->fn(k->arg, k->found);
    if (k->is_answered)
        lookup_free(k);
}

void lookup_send(struct loop *l, const struct lookup_source *source, const char *visitor_id,
                 lookup_fn *fn, void *arg)
{
    struct lookup *k = mem_zalloc(sizeof(*k));
    k->fn = fn;
    k->arg = arg;
    k->timer = loop_timer_new(l, on_timer, k);
    loop_timer_set(k->timer, source->timeout_us);
    source->ask(source->arg, k, visitor_id);
}

void lookup_answer(struct lookup *k, json_t *found)
{
    must(!k->is_answered);
    k->is_answered = true;
    k->found = found;
    if (k->is_told)
        lookup_free(k);
    else
        loop_timer_set(k->timer, 0);
}
