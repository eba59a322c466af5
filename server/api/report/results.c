// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/results.h"

#include "api/report/phase_query.h"
#include "api/route/desk_work.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/mem.h"
#include "io/net/thread_pool.h"
#include "results/say/results.h"
#include "results/say/results_shape.h"
#include "store/access/share.h"
#include "store/results/results.h"

#include <string.h>

/* Requests by share links that a desk has in work at once. */
#define SHARED_MAX 4

struct results_request {
    struct desk_request *desk;
    bool is_brief, is_public, is_search;
    const char *dimension, *baseline; /* "": not asked for */
};

/* What a thread works on: all its own. */
struct results_work {
    struct desk_request *desk;
    bool is_brief, is_public, is_search;
    char *dimension, *baseline;
    struct results_input input;
    int64_t as_of_us;
    struct buf out;
    struct fault fault;
    enum err result;
};

static void work(void *arg)
{
    struct results_work *w = arg;
    struct results_question question = {.dimension = w->dimension,
                                        .baseline = w->baseline,
                                        .as_of_us = w->as_of_us,
                                        .is_brief = w->is_brief,
                                        .is_search = w->is_search,
                                        .is_public = w->is_public};
    w->result = results_write(&w->input, &question, &w->out, &w->fault);
}

static void work_free(struct results_work *w)
{
    mem_free(w->dimension);
    mem_free(w->baseline);
    mem_free(w->input.head);
    mem_free(w->input.metrics);
    mem_free(w->input.sums);
    mem_free(w->input.looks);
    buf_done(&w->out);
    mem_free(w);
}

/* Comes before each reply. */
static void end(const struct desk_request *r, bool is_public)
{
    if (is_public)
        r->desk->shared_work->count--;
}

static void reply(void *arg)
{
    struct results_work *w = arg;
    end(w->desk, w->is_public);
    if (w->result)
        problem_reply(w->desk->http, &w->fault);
    else
        desk_reply_json(w->desk, 200, w->out.data, w->out.length);
    work_free(w);
}

static void judge(const struct results_request *q, const struct results_texts *texts)
{
    struct results_work *w = mem_zalloc(sizeof(*w));
    *w = (struct results_work){
        .desk = q->desk,
        .is_brief = q->is_brief,
        .is_public = q->is_public,
        .is_search = q->is_search,
        .dimension = mem_strdup(q->dimension),
        .baseline = mem_strdup(q->baseline),
        .input = {.head = mem_strdup(texts->head),
                  .metrics = mem_strdup(texts->metrics),
                  .sums = mem_strdup(texts->sums),
                  .looks = mem_strdup(texts->looks)},
        .as_of_us = clock_wall_us(),
    };
    if (q->is_public)
        thread_pool_send(q->desk->desk->shared_work->pool, work, reply, w);
    else if (!desk_work_send(q->desk, work, reply, w))
        work_free(w);
}

static enum err read_texts(const struct results_request *q, const PGresult *result,
                           struct results_texts *ret, struct fault *fault)
{
    if (!results_read_texts(result, ret))
        return fault_set(fault, ERR_NOT_FOUND, "", "there is no such campaign");
    if (!ret->has_dimension)
        return fault_set(fault, ERR_INVALID, "", "the phase has no dimension %s", q->dimension);
    return ERR_OK;
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    const struct results_request *q = arg;
    struct results_texts texts;
    struct fault fault;
    if (answer->result && !read_texts(q, answer->result, &texts, &fault)) {
        judge(q, &texts);
        return;
    }
    end(q->desk, q->is_public);
    if (!answer->result)
        desk_reply_failed(q->desk, answer);
    else
        problem_reply(q->desk->http, &fault);
}

static enum err read_key(const struct http_request *http, const char *name, const char **ret,
                         struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(http, name, &e);
    *ret = "";
    if (!text && !e)
        return ERR_OK;
    if (e || !text_is_key(text))
        return fault_set(fault, ERR_INVALID, "", "%s must be the key of one", name);
    *ret = text;
    return ERR_OK;
}

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct results_request *q = arena_zalloc(request->arena, sizeof(*q));
    struct results_query query = {.environment_id = r->environment_id,
                                  .campaign = match->params[0]};
    struct fault fault;
    q->desk = r;
    if (phase_query_read(request, &query.phase, &fault) ||
        read_key(request, "dimension", &q->dimension, &fault) ||
        read_key(request, "baseline", &q->baseline, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    query.dimension = q->dimension;
    results_send(r->pg, &query, on_read, q);
}

static void show_standing(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct results_request *q = arena_zalloc(request->arena, sizeof(*q));
    *q = (struct results_request){.desk = r, .is_brief = true, .dimension = "", .baseline = ""};
    struct results_query query = {
        .environment_id = r->environment_id, .campaign = match->params[0], .dimension = ""};
    results_send(r->pg, &query, on_read, q);
}

static void show_findings(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct results_request *q = arena_zalloc(request->arena, sizeof(*q));
    *q = (struct results_request){.desk = r, .is_search = true, .dimension = "", .baseline = ""};
    struct results_query query = {.environment_id = r->environment_id,
                                  .campaign = match->params[0],
                                  .dimension = RESULTS_HALVES};
    struct fault fault;
    if (phase_query_read(request, &query.phase, &fault))
        problem_reply(request, &fault);
    else
        results_send(r->pg, &query, on_read, q);
}

static void on_share(void *arg, const struct pg_answer *answer)
{
    struct results_request *q = arg;
    struct share share;
    if (answer->result && share_read(answer->result, &share)) {
        struct results_query query = {
            .environment_id = share.environment_id, .campaign = share.campaign, .dimension = ""};
        results_send(q->desk->pg, &query, on_read, q);
        return;
    }
    end(q->desk, true);
    if (!answer->result)
        desk_reply_failed(q->desk, answer);
    else
        problem_say(q->desk->http, ERR_NOT_FOUND, "",
                    "this link shows nothing: it ended, or was revoked");
}

static void send_find(struct desk_request *r, const char *token)
{
    uint8_t hash[TOKEN_HASH_BYTES];
    struct results_request *q = arena_zalloc(r->http->arena, sizeof(*q));
    *q = (struct results_request){.desk = r, .is_public = true, .dimension = "", .baseline = ""};
    token_hash(token, hash);
    r->desk->shared_work->count++;
    share_send_find(r->pg, hash, on_share, q);
}

/* Whoever has the link may read, and nobody else. */
static void show_shared(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    if (!guard_admit_anybody(r->desk->guard, request))
        return;
    http_reply_header(request, "X-Robots-Tag", "noindex");
    if (!token_is_plausible(match->params[0]))
        problem_say(request, ERR_NOT_FOUND, "", "this is no link to results");
    else if (r->desk->shared_work->count == SHARED_MAX)
        problem_say(request, ERR_BUSY, "", "too many read by links: try again in a moment");
    else
        send_find(r, match->params[0]);
}

static const struct field query[] = {
    PHASE_QUERY,
    {.name = "dimension",
     .kind = FIELD_KEY,
     .meaning = "key of one that the phase has: broken down by it; not at all when absent"},
    {.name = "baseline",
     .kind = FIELD_KEY,
     .meaning = "key of the variant that the others are compared with; the control when absent"},
    {0},
};

static const struct route_reply replies[] = {
    {.status = 200, .meaning = "the results", .type = "application/json", .shape = &results_shape},
    {0},
};

static const struct route_reply standing_replies[] = {
    {.status = 200,
     .meaning = "the standing",
     .type = "application/json",
     .shape = &results_standing_shape},
    {0},
};

static const struct field findings_query[] = {
    PHASE_QUERY,
    {0},
};

static const struct route_reply findings_replies[] = {
    {.status = 200,
     .meaning = "what was found",
     .type = "application/json",
     .shape = &results_findings_shape},
    {0},
};

const struct route results_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/shared/{token}",
     .replies = replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_LIMITED) |
                 ROUTE_PROBLEM(ERR_UNAVAILABLE) | ROUTE_PROBLEM(ERR_INTERNAL),
     .handler = show_shared,
     .summary = "The results that a share link shows, without signing in"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/campaigns/{key}/standing",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = standing_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = show_standing,
     .summary = "What a list says of the campaign: verdict, worth, and why to look now"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/campaigns/{key}/results",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = show,
     .summary = "What the campaign's phase shows so far"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/campaigns/{key}/findings",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = findings_query,
     .replies = findings_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = show_findings,
     .summary = "For whom the phase's effect is another one, found in one half of the visitors and "
                "confirmed in the other"},
    {0},
};
