// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/desk_work.h"

#include "api/route/problem.h"
#include "io/net/thread_pool.h"

bool desk_work_send(struct desk_request *r, loop_fn *work, loop_fn *reply, void *arg)
{
    enum err e = thread_pool_offer(r->desk->pool, work, reply, arg);
    if (e)
        problem_say(r->http, e, "", "too much is being computed: try again in a moment");
    return !e;
}
