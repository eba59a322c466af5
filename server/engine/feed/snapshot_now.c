// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_now.h"

#include "base/mem.h"
#include "engine/feed/snapshot_set.h"
#include "store/snapshot/snapshot.h"

#include <string.h>

struct snapshot_now {
    struct pg *pg;
    struct snapshot_set set;
};

struct asking {
    struct snapshot_now *now;
    int environment_id;
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
    snapshot_set_done(&n->set);
    mem_free(n);
}

/* The one that holds now, or NULL: there is none, or it does not fit. */
static struct snapshot *take(struct snapshot_now *n, int environment_id, const PGresult *result,
                             struct fault *fault)
{
    struct snapshot_document newest;
    fault_set(fault, ERR_UNAVAILABLE, "", "nothing was configured yet");
    if (snapshot_read_document(result, &newest)) {
        auto_free char *text = mem_strdup(newest.document);
        struct snapshot *fresh = snapshot_compile(newest.version, text, strlen(text), fault);
        if (!fresh)
            return NULL;
        snapshot_set_put(&n->set, fresh);
    }
    return snapshot_set_find(&n->set, environment_id);
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct asking *asking = arg;
    struct fault fault;
    struct snapshot *found = NULL;
    if (answer->result)
        found = take(asking->now, asking->environment_id, answer->result, &fault);
    asking->fn(asking->arg, found, found ? NULL : answer->result ? &fault : answer->fault);
    mem_free(asking);
}

void snapshot_now_find(struct snapshot_now *n, int environment_id, snapshot_now_fn *fn, void *arg)
{
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){n, environment_id, fn, arg};
    const struct snapshot *known = snapshot_set_find(&n->set, environment_id);
    snapshot_send_other(n->pg, environment_id, known ? known->version : 0, on_answer, asking);
}
