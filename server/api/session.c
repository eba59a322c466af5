// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/session.h"

#include "api/desk_request.h"
#include "api/guard.h"
#include "api/problem.h"
#include "base/token.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

#define SESSION_HOURS (7 * 24)

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
        set_cookie(r, r->token, SESSION_HOURS * 3600);
        http_reply_header(r->http, "Location", "/");
        http_reply(r->http, 303, NULL, "", 0);
    }
}

void session_login(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    uint8_t link[ACCESS_HASH_BYTES];
    uint8_t session[ACCESS_HASH_BYTES];
    char token[TOKEN_LENGTH + 1];
    if (request->verb == VERB_HEAD) {
        problem_method(request, "GET");
        return;
    }
    if (!guard_admit_login(r->desk->guard, request))
        return;
    token_random(token);
    access_token_hash(match->params[0], link);
    access_token_hash(token, session);
    r->token = arena_strdup(request->arena, token);
    access_send_open(r->desk->pg, link, session, SESSION_HOURS, on_open, r);
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

void session_logout(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    uint8_t session[ACCESS_HASH_BYTES];
    if (r->kind != ACCESS_SESSION) {
        problem_say(request, ERR_FORBIDDEN, "", "a key has no session to end");
        return;
    }
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
