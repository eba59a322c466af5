// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/split.h"

#include "api/report/phase_query.h"
#include "api/route/desk_work.h"
#include "api/route/problem.h"
#include "base/mem.h"
#include "results/say/split.h"
#include "store/results/split.h"

/* What a thread works on: all its own. */
struct split_work {
    struct desk_request *desk;
    char *head, *parts;
    struct buf out;
    struct fault fault;
    enum err result;
};

static void work(void *arg)
{
    struct split_work *w = arg;
    w->result = split_write(w->head, w->parts, &w->out, &w->fault);
}

static void work_free(struct split_work *w)
{
    mem_free(w->head);
    mem_free(w->parts);
    buf_done(&w->out);
    mem_free(w);
}

static void reply(void *arg)
{
    struct split_work *w = arg;
    if (w->result)
        problem_reply(w->desk->http, &w->fault);
    else
        desk_reply_json(w->desk, 200, w->out.data, w->out.length);
    work_free(w);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct split_texts texts;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    if (!split_read_texts(answer->result, &texts)) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such campaign");
        return;
    }
    struct split_work *w = mem_zalloc(sizeof(*w));
    *w = (struct split_work){
        .desk = r, .head = mem_strdup(texts.head), .parts = mem_strdup(texts.parts)};
    if (!desk_work_send(r, work, reply, w))
        work_free(w);
}

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct fault fault;
    int phase;
    if (phase_query_read(request, &phase, &fault))
        problem_reply(request, &fault);
    else
        split_send(r->pg, r->environment_id, match->params[0], phase, on_read, r);
}

static const struct field query[] = {PHASE_QUERY, {0}};

static const struct route_reply replies[] = {
    {.status = 200, .meaning = "the parts", .type = "application/json", .shape = &split_shape},
    {0},
};

const struct route split_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/campaigns/{key}/split",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = show,
     .summary = "Where the variants' sizes do not fit their weights: by day and by dimension"},
    {0},
};
