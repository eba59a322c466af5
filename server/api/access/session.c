// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/session.h"

#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "base/json/field.h"
#include "base/token.h"
#include "model/admin/agent.h"
#include "store/access/session.h"

#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 9

static const struct field session_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "agent",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "browser and system; no address is kept"},
    {.name = "created_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when opened"},
    {.name = "seen_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when last used, within a minute"},
    {.name = "expires_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when it ends"},
    {.name = "is_current",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "it is the one that asks"},
    {0},
};

static const struct field session_row = {.kind = FIELD_OBJECT, .of = session_fields};

static const struct field list_fields[] = {
    {.name = "items",
     .kind = FIELD_LIST,
     .marks = FIELD_READ_ONLY,
     .of = &session_row,
     .meaning = "the last used first"},
    {0},
};

static void set_cookie(struct desk_request *r, const char *token, int seconds)
{
    http_reply_header(r->http, "Set-Cookie",
                      arena_printf(r->http->arena,
                                   "%s=%s; Path=/; Max-Age=%d; HttpOnly; "
                                   "SameSite=Strict%s",
                                   desk_request_cookie(r), token, seconds,
                                   desk_request_is_tls(r) ? "; Secure" : ""));
    http_reply_header(r->http, "Cache-Control", "no-store");
}

const char *session_agent(const struct desk_request *r)
{
    char *agent = arena_alloc(r->http->arena, AGENT_SIZE);
    agent_describe(http_header(r->http, "user-agent"), agent);
    return agent;
}

void session_token(struct desk_request *r, uint8_t ret_hash[TOKEN_HASH_BYTES])
{
    char token[TOKEN_LENGTH + 1];
    token_random(token);
    token_hash(token, ret_hash);
    r->token = arena_strdup(r->http->arena, token);
}

void session_reply_open(struct desk_request *r)
{
    set_cookie(r, r->token, SESSION_HOURS * 3600);
}

static void on_close(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    set_cookie(r, "", 0);
    http_reply(r->http, 204, NULL, "", 0);
}

bool session_is_asking(struct desk_request *r)
{
    if (r->kind == ACCESS_SESSION)
        return true;
    problem_say(r->http, ERR_FORBIDDEN, "", "this is for people: a key has no session");
    return false;
}

static void log_out(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    uint8_t session[TOKEN_HASH_BYTES];
    if (!session_is_asking(r))
        return;
    token_hash(r->token, session);
    session_send_close(r->pg, session, on_close, r);
}

static void read_own(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    bool sees_all = r->holder.is_user || r->holder.role == ROLE_ADMIN;
    session_send_read(r->pg, r->holder.is_user ? r->holder.id : 0,
                      sees_all ? 0 : r->holder.environment_id, role_name(r->holder.role),
                      desk_reply_view, r);
}

static void list_own(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    uint8_t session[TOKEN_HASH_BYTES];
    if (!session_is_asking(r))
        return;
    token_hash(r->token, session);
    session_send_list(r->pg, r->holder.id, session, desk_reply_view, r);
}

static void on_closed(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    if (session_read_closed(answer->result) == 0)
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such session");
    else
        http_reply(r->http, 204, NULL, "", 0);
}

static void end_one(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    const char *id = match->params[0];
    if (!session_is_asking(r))
        return;
    if (strlen(id) > ID_DIGITS || strspn(id, "0123456789") != strlen(id))
        problem_say(request, ERR_NOT_FOUND, "", "there is no such session");
    else
        session_send_close_own(r->pg, r->holder.id, strtoll(id, NULL, 10), on_closed, r);
}

static void end_all(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    if (session_is_asking(r))
        session_send_close_all(r->pg, r->holder.id, on_closed, r);
}

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .marks = FIELD_REQUIRED, .meaning = meaning_                 \
    }

static const struct field user_fields[] = {
    ROW("id", FIELD_INT, "its number"),
    ROW("email", FIELD_TEXT, "what it signs in with"),
    ROW("role", FIELD_TEXT, "what it may do"),
    ROW("has_password", FIELD_BOOL, "false: has not set one yet"),
    ROW("has_second_factor", FIELD_BOOL, "a code is asked for beside the password"),
    {0},
};
static const struct field environment_row_fields[] = {
    ROW("key", FIELD_KEY, "name in ?environment="),
    ROW("name", FIELD_TEXT, "for people"),
    ROW("time_zone", FIELD_TEXT, "where its days begin and end"),
    ROW("currency", FIELD_TEXT, "of all its money"),
    ROW("is_panic", FIELD_BOOL, "everybody gets the control"),
    ROW("role", FIELD_TEXT, "what who asks may do there"),
    {0},
};
static const struct field environment_row = {.kind = FIELD_OBJECT, .of = environment_row_fields};
static const struct field read_fields[] = {
    {.name = "user", .kind = FIELD_OBJECT, .of = user_fields, .meaning = "null: a key asks"},
    {.name = "environments",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &environment_row,
     .meaning = "that may be asked about"},
    {0},
};

static const struct route_reply read_replies[] = {
    {.status = 200, .meaning = "who asks", .type = "application/json", .fields = read_fields},
    {0},
};
static const struct route_reply list_replies[] = {
    {.status = 200, .meaning = "the sessions", .type = "application/json", .fields = list_fields},
    {0},
};

const struct route session_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/session",
     .role = ROLE_VIEWER,
     .is_own = true,
     .tokens = DESK_TOKENS,
     .replies = read_replies,
     .handler = read_own,
     .summary = "Who asks, and the environments"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/sessions",
     .role = ROLE_VIEWER,
     .is_own = true,
     .tokens = DESK_TOKENS,
     .replies = list_replies,
     .handler = list_own,
     .summary = "Lists one's own open sessions"},
    {.verb = VERB_DELETE,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/sessions",
     .role = ROLE_VIEWER,
     .is_own = true,
     .tokens = DESK_TOKENS,
     .replies = desk_done_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = end_all,
     .summary = "Signs out everywhere"},
    {.verb = VERB_DELETE,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/sessions/{id}",
     .role = ROLE_VIEWER,
     .is_own = true,
     .tokens = DESK_TOKENS,
     .replies = desk_done_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = end_one,
     .summary = "Ends one of them"},
    {.verb = VERB_POST,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/logout",
     .role = ROLE_VIEWER,
     .is_own = true,
     .tokens = DESK_TOKENS,
     .replies = desk_done_replies,
     .handler = log_out,
     .summary = "Ends the session"},
    {0},
};
