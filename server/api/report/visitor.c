// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/visitor.h"

#include "api/route/decision.h"
#include "api/route/desk_page.h"
#include "api/route/problem.h"
#include "base/mem.h"
#include "base/process/log.h"
#include "engine/feed/snapshot_now.h"
#include "store/event/visitor.h"

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

static void read_visitor(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    if (is_id(r, match->params[0]))
        visitor_send_read(r->pg, r->environment_id, match->params[0], desk_reply_view, r);
}

static void on_events(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (answer->result)
        desk_page_reply(r, answer->result, NULL, NULL);
    else
        desk_reply_failed(r, answer);
}

/* "<microseconds>_<32 hex digits>"; NULL: from the newest. */
static bool read_cursor(const char *after, struct visitor_page *ret)
{
    if (!after)
        return true;
    size_t digits = strspn(after, "0123456789");
    const char *uuid = after + digits + 1;
    if (digits == 0 || digits > TIME_DIGITS || after[digits] != '_' ||
        strlen(uuid) != UUID_DIGITS || strspn(uuid, "0123456789abcdef") != UUID_DIGITS)
        return false;
    ret->ts_us = strtoll(after, NULL, 10);
    ret->event_id = uuid;
    return true;
}

static void list_events(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct desk_page asked;
    if (!is_id(r, match->params[0]) || !desk_page_read(r, &asked))
        return;
    struct visitor_page page = {
        .environment_id = r->environment_id, .visitor_id = match->params[0], .rows = asked.rows};
    if (read_cursor(asked.after, &page))
        visitor_send_events(r->pg, &page, on_events, r);
    else
        problem_say(request, ERR_INVALID, "", "the parameter after is no cursor");
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

/* A run lives in the request's arena. */
struct explain_run {
    struct desk_request *request;
    char *text; /* the question */
    struct decide_run run;
    struct decision_json json;
};

/* Nothing is looked up: what would fill a hole is shown as missing. */
static void reply_explained(struct explain_run *e, struct snapshot *snapshot)
{
    auto_buf struct buf body = {0};
    e->json = (struct decision_json){.out = &body, .is_explained = true};
    e->run.snapshot = snapshot;
    e->run.is_of_all = true;
    e->run.writer = &decision_json_writer_of_decisions;
    e->run.writer_arg = &e->json;
    must(decide_run_begin(&e->run));
    desk_reply_json(e->request, 200, body.data, body.length);
}

static void on_snapshot(void *arg, struct snapshot *snapshot, const struct fault *why)
{
    struct explain_run *e = arg;
    struct desk_request *r = e->request;
    struct fault fault;
    if (!snapshot) {
        log_warn("desk: no snapshot to explain with: %s", why->detail);
        problem_say(r->http, ERR_UNAVAILABLE, "", "the configuration cannot be read: try again");
        return;
    }
    e->run.arena = r->http->arena;
    if (question_read(&e->run.question, r->http->arena, snapshot, e->text, strlen(e->text),
                      &fault)) {
        question_done(&e->run.question);
        problem_reply(r->http, &fault);
    } else {
        reply_explained(e, snapshot);
    }
}

static void explain(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    if (!is_id(r, match->params[0]))
        return;
    auto_json json_t *owned = desk_request_fields(r, true, visitor_question_fields);
    if (!owned)
        return;
    struct explain_run *run = arena_zalloc(request->arena, sizeof(*run));
    run->request = r;
    run->text = question_text(r, json_object_get(owned, "attributes"));
    snapshot_now_find(r->desk->snapshot_now, (int)r->environment_id, on_snapshot, run);
}

static void exclude(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    if (!is_id(r, match->params[0]))
        return;
    auto_json json_t *owned = desk_request_fields(r, false, visitor_exclude_fields);
    if (!owned)
        return;
    const struct visitor_exclusion wanted = {.environment_id = r->environment_id,
                                             .actor = desk_request_actor(r),
                                             .visitor_id = match->params[0],
                                             .reason = json_text_at(owned, "reason")};
    visitor_send_exclusion(r->pg, &wanted, desk_reply_view, r);
}

/* Asked without a body, or with an empty object. */
static void include(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    struct desk_request *r = arg;
    if (!is_id(r, match->params[0]))
        return;
    auto_json json_t *read = desk_request_fields(r, true, visitor_include_fields);
    if (!read)
        return;
    const struct visitor_exclusion wanted = {.environment_id = r->environment_id,
                                             .actor = desk_request_actor(r),
                                             .visitor_id = match->params[0]};
    visitor_send_exclusion(r->pg, &wanted, desk_reply_view, r);
}

static const struct route_reply read_replies[] = {
    {.status = 200, .meaning = "the visitor", .type = "application/json", .fields = visitor_fields},
    {0},
};
static const struct route_reply events_replies[] = {
    {.status = 200,
     .meaning = "a page of events",
     .type = "application/json",
     .fields = visitor_event_fields,
     .is_page = true},
    {0},
};
static const struct route_reply explain_replies[] = {
    {.status = 200,
     .meaning = "each campaign's decision",
     .type = "application/json",
     .fields = visitor_explain_fields},
    {0},
};
static const struct route_reply exclusion_replies[] = {
    {.status = 200,
     .meaning = "what was decided; results follow within seconds",
     .type = "application/json",
     .fields = visitor_exclusion_fields,
     .schema = "visitor_exclusion"},
    {0},
};

const struct route visitor_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/visitors/{id}",
     .noted = "visitor.read",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = read_replies,
     .handler = read_visitor,
     .summary = "What is known of a visitor, and where it was exposed"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/visitors/{id}/events",
     .noted = "visitor.read",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = desk_page_query,
     .replies = events_replies,
     .handler = list_events,
     .summary = "What a visitor did, the last first"},
    {.verb = VERB_POST,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/visitors/{id}/explain",
     .noted = "visitor.read",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 16, .fields = visitor_question_fields},
     .replies = explain_replies,
     .handler = explain,
     .summary = "What a visitor gets this moment, and why"},
    {.verb = VERB_POST,
     .path = DESK_API "/visitors/{id}/exclude",
     .role = ROLE_PUBLISHER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 12, .fields = visitor_exclude_fields},
     .replies = exclusion_replies,
     .handler = exclude,
     .summary = "Takes a visitor out of all results: nothing of it counts, past or to come"},
    {.verb = VERB_POST,
     .path = DESK_API "/visitors/{id}/include",
     .role = ROLE_PUBLISHER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 12, .fields = visitor_include_fields},
     .replies = exclusion_replies,
     .handler = include,
     .summary = "Takes an excluded visitor in again: results count it as if it had never been out"},
    {0},
};
