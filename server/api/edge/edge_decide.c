// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/decision.h"
#include "api/route/problem.h"
#include "decide/run.h"

#include <string.h>

/* A reply beyond it does not stay in memory. */
#define REPLY_KEPT_BYTES (256 * 1024)

/* One request, in its arena. */
struct answer {
    struct edge *edge;
    struct http_request *request;
    struct decide_run run;
    struct decision_json json;
    struct buf reply;
};

static enum err read_query(struct answer *a, const struct http_request *request,
                           struct fault *fault)
{
    enum err e = ERR_OK;
    if (!request->query[0])
        return ERR_OK;
    const char *explain = http_query(request, "explain", &e);
    const char *page = http_query(request, "page", &e);
    a->json.is_explained = explain && strcmp(explain, "1") == 0;
    a->json.is_for_page = page && strcmp(page, "1") == 0;
    return e ? fault_set(fault, e, "", "the query holds a bad escape: it cannot be read") : ERR_OK;
}

/* The memory of one request's reply serves the next. */
static void give_back(struct edge *e, struct buf *reply)
{
    if (e->decide_reply.data || reply->capacity > REPLY_KEPT_BYTES)
        buf_done(reply);
    else
        e->decide_reply = *reply;
}

static void on_decided(void *arg)
{
    struct answer *a = arg;
    struct edge *e = a->edge;
    struct buf reply = a->reply;
    edge_reply(e, a->request, &reply);
    give_back(e, &reply);
}

static void begin(struct answer *a, struct snapshot *snapshot)
{
    a->reply = a->edge->decide_reply;
    a->edge->decide_reply = (struct buf){0};
    buf_clear(&a->reply);
    a->json.out = &a->reply;
    a->run.arena = a->request->arena;
    a->run.snapshot = snapshot;
    a->run.writer = &decision_json_writer;
    a->run.writer_arg = &a->json;
    a->run.loop = a->edge->loop;
    a->run.source = a->edge->lookup;
    a->run.fn = on_decided;
    a->run.arg = a;
    if (decide_run_begin(&a->run))
        on_decided(a);
}

void edge_decide(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    const struct edge_request *context = request->user;
    struct snapshot *snapshot = context->key->snapshot;
    struct answer *a = arena_zalloc(request->arena, sizeof(*a));
    struct fault fault;
    a->edge = arg;
    a->request = request;
    if (question_read(&a->run.question, request->arena, snapshot, request->body,
                      request->body_bytes, &fault) ||
        read_query(a, request, &fault)) {
        question_done(&a->run.question);
        problem_reply(request, &fault);
        return;
    }
    begin(a, snapshot);
}
