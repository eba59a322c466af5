// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/session.h"

#include "api/desk_request.h"
#include "api/guard.h"
#include "api/problem.h"
#include "base/field.h"
#include "base/token.h"
#include "io/row.h"
#include "model/agent.h"
#include "sql/queries.h"

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

const struct field session_list_fields[] = {
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

void session_token(struct desk_request *r, uint8_t ret_hash[ACCESS_HASH_BYTES])
{
    char token[TOKEN_LENGTH + 1];
    token_random(token);
    access_token_hash(token, ret_hash);
    r->token = arena_strdup(r->http->arena, token);
}

void session_reply_open(struct desk_request *r)
{
    set_cookie(r, r->token, SESSION_HOURS * 3600);
}

static void on_open(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
    } else if (row_count(answer->result) == 0) {
        guard_on_login_failed(r->desk->guard, r->http);
        problem_say(r->http, ERR_UNAUTHORIZED, "",
                    "this link was used already, is too old, or never was one: ask for a new one");
    } else {
        session_reply_open(r);
        http_reply_header(r->http, "Location",
                          row_bool(answer->result, 0, 0) ? "/app/welcome" : "/");
        http_reply(r->http, 303, NULL, "", 0);
    }
}

void session_login(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    uint8_t link[ACCESS_HASH_BYTES];
    uint8_t session[ACCESS_HASH_BYTES];
    if (request->verb == VERB_HEAD) {
        problem_method(request, "GET");
        return;
    }
    if (!guard_admit_login(r->desk->guard, request))
        return;
    access_token_hash(match->params[0], link);
    session_token(r, session);
    const struct access_opening opening = {session, SESSION_HOURS, session_agent(r)};
    access_send_open(r->desk->pg, link, &opening, on_open, r);
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

void session_logout(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    uint8_t session[ACCESS_HASH_BYTES];
    if (!session_is_asking(r))
        return;
    access_token_hash(r->token, session);
    access_send_close(r->desk->pg, session, on_close, r);
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

void session_read(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct pg_params params = {.arena = request->arena};
    bool sees_all = r->holder.is_user || r->holder.role == ROLE_ADMIN;
    if (r->holder.is_user)
        pg_param_int(&params, r->holder.id);
    else
        pg_param_null(&params);
    if (sees_all)
        pg_param_null(&params);
    else
        pg_param_int(&params, r->holder.environment_id);
    pg_send(r->desk->pg, QUERY_SESSION_READ, &params, on_read, r);
}

void session_list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct pg_params params = {.arena = request->arena};
    uint8_t session[ACCESS_HASH_BYTES];
    if (!session_is_asking(r))
        return;
    access_token_hash(r->token, session);
    pg_param_int(&params, r->holder.id);
    pg_param_bytes(&params, session, sizeof(session));
    pg_send(r->desk->pg, QUERY_SESSION_LIST, &params, on_read, r);
}

static void on_closed(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    if (row_int(answer->result, 0, 0) == 0)
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such session");
    else
        http_reply(r->http, 204, NULL, "", 0);
}

static void send_close(struct desk_request *r, const char *id)
{
    struct pg_params params = {.arena = r->http->arena};
    pg_param_int(&params, r->holder.id);
    if (id)
        pg_param_int(&params, strtoll(id, NULL, 10));
    else
        pg_param_null(&params);
    pg_send(r->desk->pg, QUERY_ACCESS_CLOSE_SESSIONS, &params, on_closed, r);
}

void session_end(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    const char *id = match->params[0];
    if (!session_is_asking(r))
        return;
    if (strlen(id) > ID_DIGITS || strspn(id, "0123456789") != strlen(id))
        problem_say(request, ERR_NOT_FOUND, "", "there is no such session");
    else
        send_close(r, id);
}

void session_end_all(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    if (session_is_asking(r))
        send_close(r, NULL);
}
