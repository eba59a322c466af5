// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/visitor.h"

#include "api/decision.h"
#include "api/desk_request.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/question.h"
#include "engine/snapshot_now.h"
#include "io/row.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

#define TIME_DIGITS 17
#define UUID_DIGITS 32

/* False: it is no visitor's id, which was answered. */
static bool is_id(struct desk_request *r, const char *id)
{
    if (text_is_id(id, strlen(id)))
        return true;
    problem_say(r->http, ERR_INVALID, "", "a visitor's id is 1 to 256 bytes of printable text");
    return false;
}

static void begin_params(struct desk_request *r, struct pg_params *params, const char *id)
{
    *params = (struct pg_params){.arena = r->http->arena};
    pg_param_int(params, r->environment_id);
    pg_param_text(params, id);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    const char *view = row_text(answer->result, 0, 0);
    desk_reply_json(r, 200, view, strlen(view));
}

void visitor_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    struct pg_params params;
    if (!is_id(r, match->params[0]))
        return;
    begin_params(r, &params, match->params[0]);
    pg_send(r->desk->pg, QUERY_VISITOR_READ, &params, on_read, r);
}

static void on_events(void *arg, const struct pg_answer *answer)
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

/* "<microseconds>_<32 hex digits>", as visitor_events says it; NULL: from the newest. */
static bool add_cursor(struct pg_params *params, const char *after)
{
    if (!after) {
        pg_param_null(params);
        pg_param_null(params);
        return true;
    }
    size_t digits = strspn(after, "0123456789");
    const char *uuid = after + digits + 1;
    if (digits == 0 || digits > TIME_DIGITS || after[digits] != '_' ||
        strlen(uuid) != UUID_DIGITS || strspn(uuid, "0123456789abcdef") != UUID_DIGITS)
        return false;
    pg_param_int(params, strtoll(after, NULL, 10));
    pg_param_text(params, uuid);
    return true;
}

void visitor_events(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct pg_params params;
    struct fault fault;
    int limit;
    enum err e = ERR_OK;
    if (!is_id(r, match->params[0]))
        return;
    if (desk_request_limit(r, &limit, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    const char *after = http_query(request, "after", &e);
    begin_params(r, &params, match->params[0]);
    if (e || !add_cursor(&params, after)) {
        problem_say(request, ERR_INVALID, "", "the parameter after is no cursor");
        return;
    }
    pg_param_int(&params, limit + 1);
    pg_send(r->desk->pg, QUERY_VISITOR_EVENTS, &params, on_events, r);
}

static const struct snapshot_environment *find_environment(const struct snapshot *s, int64_t id)
{
    for (size_t i = 0; i < s->environment_count; i++)
        if (s->environments[i].id == id)
            return &s->environments[i];
    return NULL;
}

static void write_decisions(struct buf *b, struct arena *arena, const struct snapshot *snapshot,
                            const struct snapshot_environment *e, const struct question *q)
{
    struct decide decide;
    buf_add_str(b, "{\"visitor_id\":");
    json_add_string(b, q->visitor_id);
    buf_add(b, snapshot->rendered.text, snapshot->rendered.length);
    size_t begin = b->length;
    decide_init(&decide, arena, e, q->visitor_id, q->attributes, clock_wall_us());
    for (size_t i = 0; i < e->campaign_count; i++) {
        struct decision d = decide_campaign(&decide, &e->campaigns[i]);
        decision_write(b, &d, true);
    }
    decision_end_list(b, begin, "[]");
    buf_add_str(b, "}\n");
}

/* The same body as an edge is asked with; what it says of who asks is not taken. */
static char *question_text(struct desk_request *r, const json_t *attributes)
{
    auto_buf struct buf text = {0};
    buf_add_str(&text, "{\"visitor_id\":");
    json_add_string(&text, r->match.params[0]);
    if (attributes && !json_is_null(attributes)) {
        json_add_key(&text, "attributes");
        json_add_value(&text, attributes);
    }
    buf_add_char(&text, '}');
    return arena_strndup(r->http->arena, text.data, text.length);
}

/* In the request's arena. */
struct explain_run {
    struct desk_request *request;
    char *text; /* the question */
};

static void on_snapshot(void *arg, const struct snapshot *snapshot, const struct fault *why)
{
    struct explain_run *run = arg;
    struct desk_request *r = run->request;
    const struct snapshot_environment *e =
        snapshot ? find_environment(snapshot, r->environment_id) : NULL;
    struct question question;
    struct fault fault;
    if (!e) {
        log_warn("desk: no snapshot to explain with: %s", why ? why->detail : "no environment");
        problem_say(r->http, ERR_UNAVAILABLE, "", "the configuration cannot be read: try again");
        return;
    }
    auto_buf struct buf body = {0};
    if (question_read(&question, r->http->arena, e, run->text, strlen(run->text), &fault)) {
        problem_reply(r->http, &fault);
    } else {
        write_decisions(&body, r->http->arena, snapshot, e, &question);
        desk_reply_json(r, 200, body.data, body.length);
    }
    question_done(&question);
}

void visitor_explain(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct fault fault;
    json_t *read = NULL;
    if (!is_id(r, match->params[0]))
        return;
    auto_json json_t *body = desk_request_body(r, true, &fault);
    if (!body || field_read(visitor_question_fields, body, &read, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    auto_json json_t *owned = read;
    struct explain_run *run = arena_alloc(request->arena, sizeof(*run));
    *run = (struct explain_run){r, question_text(r, json_object_get(owned, "attributes"))};
    snapshot_now_find(r->desk->snapshot_now, on_snapshot, run);
}
