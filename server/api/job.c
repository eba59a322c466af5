// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/job.h"

#include "api/problem.h"
#include "base/json.h"
#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 9

/* 0: not an id. */
static int64_t read_id(const char *text)
{
    size_t length = strlen(text);
    bool is_id = length > 0 && length <= ID_DIGITS && strspn(text, "0123456789") == length;
    return is_id ? strtoll(text, NULL, 10) : 0;
}

static void reply_view(struct desk_request *r, int status, const char *view)
{
    auto_buf struct buf body = {0};
    buf_printf(&body, "%s\n", view);
    desk_reply_json(r, status, body.data, body.length);
}

static void reply_absent(struct desk_request *r)
{
    problem_say(r->http, ERR_NOT_FOUND, "", "there is no such job");
}

static void on_start(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    http_reply_header(r->http, "Location",
                      arena_printf(r->http->arena, "/api/v1/jobs/%lld",
                                   (long long)row_int(answer->result, 0, 0)));
    reply_view(r, 202, row_text(answer->result, 0, 1));
}

void job_start(struct desk_request *r, const char *kind, const json_t *input)
{
    struct pg_params params = {.arena = r->http->arena};
    auto_buf struct buf text = {0};
    json_add_value(&text, input);
    pg_param_int(&params, r->environment_id);
    pg_param_text(&params, kind);
    pg_param_text_n(&params, text.data, text.length);
    pg_param_text(&params, desk_request_actor(r));
    pg_send(r->desk->pg, QUERY_JOB_START, &params, on_start, r);
}

/* One more row than asked for was read: whether it is there tells whether there is a next page. */
static void on_list(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct fault fault;
    int limit;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    must(desk_request_limit(r, &limit, &fault) == ERR_OK);
    auto_buf struct buf body = {0};
    int there = row_count(answer->result), count = there > limit ? limit : there;
    buf_add_str(&body, "{\"items\":[");
    for (int row = 0; row < count; row++) {
        json_add_comma(&body);
        buf_add_str(&body, row_text(answer->result, row, 1));
    }
    desk_page_close(&body, there > limit ? row_text(answer->result, count - 1, 0) : NULL);
    desk_reply_json(r, 200, body.data, body.length);
}

void job_list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct pg_params params = {.arena = request->arena};
    struct fault fault;
    int limit;
    enum err e = desk_request_limit(r, &limit, &fault);
    if (e) {
        problem_reply(request, &fault);
        return;
    }
    const char *after = http_query(request, "after", &e);
    if (e || (after && read_id(after) == 0)) {
        problem_say(request, ERR_INVALID, "", "the parameter after is no cursor");
        return;
    }
    pg_param_int(&params, r->environment_id);
    pg_param_text(&params, after);
    pg_param_int(&params, limit + 1);
    pg_send(r->desk->pg, QUERY_JOB_LIST, &params, on_list, r);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (row_count(answer->result) == 0)
        reply_absent(r);
    else
        reply_view(r, 200, row_text(answer->result, 0, 1));
}

static void on_cancel(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result)
        desk_reply_failed(r, answer);
    else if (row_count(answer->result) == 0)
        reply_absent(r);
    else if (!row_bool(answer->result, 0, 0))
        problem_say(r->http, ERR_CONFLICT, "", "the job has ended already");
    else
        http_reply(r->http, 204, NULL, "", 0);
}

static void send_of_one(struct desk_request *r, const char *id_text, size_t statement,
                        pg_answer_fn *fn)
{
    struct pg_params params = {.arena = r->http->arena};
    int64_t id = read_id(id_text);
    if (id == 0) {
        reply_absent(r);
        return;
    }
    pg_param_int(&params, r->environment_id);
    pg_param_int(&params, id);
    pg_send(r->desk->pg, statement, &params, fn, r);
}

void job_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    send_of_one(arg, match->params[0], QUERY_JOB_READ, on_read);
}

void job_cancel(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    send_of_one(arg, match->params[0], QUERY_JOB_CANCEL, on_cancel);
}
