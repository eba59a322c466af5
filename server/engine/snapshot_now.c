// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/snapshot_now.h"

#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

struct snapshot_now {
    struct pg *pg;
    struct snapshot *current;
};

struct asking {
    struct snapshot_now *now;
    snapshot_now_fn *fn;
    void *arg;
};

struct snapshot_now *snapshot_now_new(struct pg *pg)
{
    struct snapshot_now *n = mem_zalloc(sizeof(*n));
    n->pg = pg;
    return n;
}

void snapshot_now_free(struct snapshot_now *n)
{
    snapshot_free(n->current);
    mem_free(n);
}

/* False: there is none, or it does not compile. */
static bool take(struct snapshot_now *n, const PGresult *result, struct fault *fault)
{
    fault_set(fault, ERR_UNAVAILABLE, "", "nothing was configured yet");
    if (row_count(result) == 0)
        return n->current != NULL;
    auto_free char *text = mem_strdup(row_text(result, 0, 1));
    struct snapshot *fresh = snapshot_compile(row_int(result, 0, 0), text, strlen(text), fault);
    if (!fresh)
        return false;
    snapshot_free(n->current);
    n->current = fresh;
    return true;
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct asking *asking = arg;
    struct fault fault;
    if (!answer->result)
        asking->fn(asking->arg, NULL, answer->fault);
    else if (take(asking->now, answer->result, &fault))
        asking->fn(asking->arg, asking->now->current, NULL);
    else
        asking->fn(asking->arg, NULL, &fault);
    mem_free(asking);
}

void snapshot_now_find(struct snapshot_now *n, snapshot_now_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){.now = n, .fn = fn, .arg = arg};
    pg_param_int(&params, n->current ? n->current->version : 0);
    pg_send(n->pg, QUERY_SNAPSHOT_OTHER, &params, on_answer, asking);
}
