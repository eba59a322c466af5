// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/desk_request.h"

#include "api/route/guard.h"
#include "api/route/problem.h"
#include "api/route/request_log.h"
#include "base/json/json.h"
#include "base/process/log.h"
#include "store/view.h"

#include <string.h>
#include <strings.h>

static const struct json_limits body_limits = {.bytes = 4 << 20, .depth = 16, .nodes = 50000};

const struct route_reply desk_done_replies[] = {
    {.status = 204, .meaning = "done"},
    {0},
};

/* The value of our cookie among "a=b; c=d". */
static const char *find_cookie(struct arena *arena, const char *header, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = header; at; at = strchr(at, ';')) {
        at += strspn(at, "; ");
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        at += length + 1;
        return arena_strndup(arena, at, strcspn(at, "; "));
    }
    return NULL;
}

bool desk_shared_is_tls(const struct desk_shared *desk, const struct http_request *request)
{
    const char *url = desk->public_url;
    return request->is_tls || (request->user && guard_is_tls(desk->guard, request)) ||
           (url && strncmp(url, "https://", 8) == 0);
}

bool desk_request_is_tls(const struct desk_request *r)
{
    return desk_shared_is_tls(r->desk, r->http);
}

const char *desk_request_cookie(const struct desk_request *r)
{
    return desk_request_is_tls(r) ? "__Host-mete_session" : "mete_session";
}

const char *desk_request_find_cookie(const struct desk_request *r, const char *name)
{
    return find_cookie(r->http->arena, http_header(r->http, "cookie"), name);
}

void desk_request_find_token(struct desk_request *r)
{
    const char *authorization = http_header(r->http, "authorization");
    const char *key = http_header(r->http, "x-mete-key");
    const char *cookie = http_header(r->http, "cookie");
    r->kind = ACCESS_KEY;
    if (!(r->match.route->tokens & ROUTE_TOKEN_HEADER))
        authorization = key = NULL;
    if (!(r->match.route->tokens & ROUTE_TOKEN_COOKIE))
        cookie = NULL;
    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0) {
        r->token = authorization + 7 + strspn(authorization + 7, " ");
    } else if (key) {
        r->token = key;
    } else if (cookie) {
        r->kind = ACCESS_SESSION;
        r->token = find_cookie(r->http->arena, cookie, desk_request_cookie(r));
    }
}

bool desk_request_is_foreign(const struct desk_request *r)
{
    const char *origin = http_header(r->http, "origin");
    const char *host = http_header(r->http, "host");
    const char *after = origin ? strstr(origin, "://") : NULL;
    return !after || !host || strcasecmp(after + 3, host) != 0;
}

const char *desk_request_actor(const struct desk_request *r)
{
    return arena_printf(r->http->arena, "%s:%lld", r->holder.is_user ? "user" : "key",
                        (long long)r->holder.id);
}

json_t *desk_request_body(const struct desk_request *r, bool is_optional, struct fault *ret_fault)
{
    if (r->http->body_bytes == 0 && is_optional)
        return json_object();
    if (r->http->body_bytes == 0) {
        fault_set(ret_fault, ERR_INVALID, "", "a JSON object is needed as body");
        return NULL;
    }
    json_t *body = json_parse(r->http->body, r->http->body_bytes, &body_limits, NULL, ret_fault);
    if (!body || json_is_object(body))
        return body;
    fault_set(ret_fault, ERR_INVALID, "", "must be an object, not %s", json_kind_name(body));
    json_decref(body);
    return NULL;
}

json_t *desk_request_fields(struct desk_request *r, bool is_optional, const struct field *fields)
{
    struct fault fault;
    json_t *read = NULL;
    auto_json json_t *body = desk_request_body(r, is_optional, &fault);
    if (!body || field_read(fields, body, &read, &fault)) {
        problem_reply(r->http, &fault);
        return NULL;
    }
    return read;
}

void desk_reply_json(struct desk_request *r, int status, const char *body, size_t length)
{
    http_reply_header(r->http, "Cache-Control", "no-store");
    http_reply(r->http, status, "application/json", body, length);
}

/* What functions of the database refuse: they name the field where others name the constraint. */
static const struct db_refusal {
    const char *sqlstate, *constraint;
    enum err code;
    const char *why;
} refusals[] = {
    {"22023", "/", ERR_INVALID, "there is nothing of this name"},
    {"22008", "/", ERR_INVALID, "lies ahead"},
    {"54000", "exclusions", ERR_CONFLICT,
     "10,000 visitors are excluded from the results of this environment, and more cannot be: set "
     "unit_events lower, or quotas, against machines"},
    {"55000", "totals", ERR_CONFLICT,
     "it was imported as totals a day: nothing is known of its visitors, so there are no segments, "
     "quantiles or lists of them"},
};

static const struct db_refusal *refusal_of(const struct pg_answer *answer)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (strcmp(answer->sqlstate, refusals[i].sqlstate) == 0 &&
            strncmp(answer->constraint, refusals[i].constraint, strlen(refusals[i].constraint)) ==
                0)
            return &refusals[i];
    return NULL;
}

void desk_reply_failed(struct desk_request *r, const struct pg_answer *answer)
{
    enum err code = answer->fault->code;
    const struct db_refusal *refusal = refusal_of(answer);
    if (refusal) {
        const char *place = answer->constraint[0] == '/' ? answer->constraint : "";
        problem_say(r->http, refusal->code, place, "%s", refusal->why);
    } else if (code == ERR_UNAVAILABLE || code == ERR_BUSY) {
        problem_say(r->http, code, "", "the database cannot be reached: try again");
    } else if (code == ERR_CONFLICT) {
        problem_say(r->http, ERR_CONFLICT, answer->constraint[0] == '/' ? answer->constraint : "",
                    "it exists already");
    } else {
        log_line_with(LOG_ERROR, request_log_member(r->http), "desk: a statement failed: %s %s",
                      answer->sqlstate, answer->fault->detail);
        problem_say(r->http, ERR_INTERNAL, "", "the database refused a statement");
    }
}

void desk_reply_view(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    const char *view = view_read(answer->result);
    desk_reply_json(r, 200, view, strlen(view));
}

const struct desk_lane_bound desk_lane_bounds[DESK_LANES] = {
    [DESK_LANE_ACCESS] = {"mete desk", 5000, 0},
    [DESK_LANE_CHANGE] = {"mete desk change", 10000, 3000},
    [DESK_LANE_READ] = {"mete desk read", 10000, 0},
    [DESK_LANE_REPORT] = {"mete desk report", 20000, 0},
};

bool desk_lanes_are_up(const struct desk_shared *desk)
{
    bool is_up = true;
    for (int lane = DESK_LANE_ACCESS; lane < DESK_LANES; lane++)
        is_up = is_up && pg_is_up(desk->lanes[lane]);
    return is_up;
}

enum desk_lane desk_lane_of(const struct route *route)
{
    if (route->lane != DESK_LANE_BY_VERB)
        return (enum desk_lane)route->lane;
    return route->verb == VERB_GET ? DESK_LANE_READ : DESK_LANE_CHANGE;
}
