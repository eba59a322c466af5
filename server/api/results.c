// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/results.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/mem.h"
#include "engine/results.h"
#include "io/row.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

struct results_request {
    struct desk_request *desk;
    const char *dimension;
};

static void reply(const struct results_request *q, const PGresult *result)
{
    struct arena *arena = q->desk->http->arena;
    auto_buf struct buf out = {0};
    struct fault fault;
    struct results_input input = {
        .head = arena_strdup(arena, row_text(result, 0, 0)),
        .metrics = arena_strdup(arena, row_text(result, 0, 1)),
        .sums = arena_strdup(arena, row_text(result, 0, 2)),
        .looks = arena_strdup(arena, row_text(result, 0, 3)),
    };
    if (results_write(&input, q->dimension, clock_wall_us(), &out, &fault))
        problem_reply(q->desk->http, &fault);
    else
        desk_reply_json(q->desk, 200, out.data, out.length);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    const struct results_request *q = arg;
    if (!answer->result)
        desk_reply_failed(q->desk, answer);
    else if (row_count(answer->result) == 0)
        problem_say(q->desk->http, ERR_NOT_FOUND, "", "there is no such campaign");
    else
        reply(q, answer->result);
}

static enum err read_phase(const struct http_request *http, int *ret_phase, struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(http, "phase", &e);
    *ret_phase = 0;
    if (!text && !e)
        return ERR_OK;
    bool is_number = text && strlen(text) <= 6 && strspn(text, "0123456789") == strlen(text);
    *ret_phase = is_number ? atoi(text) : 0;
    if (*ret_phase < 1)
        return fault_set(fault, ERR_INVALID, "", "phase must be a number from 1");
    return ERR_OK;
}

static enum err read_dimension(const struct http_request *http, const char **ret,
                               struct fault *fault)
{
    static const char *const known[] = {"device", "country", "visitor_type"};
    enum err e = ERR_OK;
    const char *text = http_query(http, "dimension", &e);
    *ret = "";
    if (!text && !e)
        return ERR_OK;
    for (size_t i = 0; text && i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(text, known[i]) == 0) {
            *ret = known[i];
            return ERR_OK;
        }
    return fault_set(fault, ERR_INVALID, "", "dimension must be device, country or visitor_type");
}

void results_show(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct results_request *q = arena_zalloc(request->arena, sizeof(*q));
    struct pg_params params = {.arena = request->arena};
    struct fault fault;
    int phase;
    q->desk = r;
    if (read_phase(request, &phase, &fault) || read_dimension(request, &q->dimension, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    pg_param_int(&params, r->environment_id);
    pg_param_text(&params, match->params[0]);
    if (phase)
        pg_param_int(&params, phase);
    else
        pg_param_null(&params);
    pg_param_text(&params, q->dimension);
    pg_send(r->desk->pg, QUERY_RESULTS_READ, &params, on_read, q);
}
