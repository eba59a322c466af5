// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk/account.h"

#include "api/desk/access_log.h"
#include "api/desk/session.h"
#include "api/desk/turn.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "engine/access/password.h"
#include "model/admin/app_user.h"
#include "store/access/account.h"
#include "store/access/session.h"

#include <string.h>

/* One login or change, in the request's arena. */
struct account_run {
    struct desk_request *request;
    const char *account; /* what attempts are counted for */
    char *email;         /* these: NULL where nothing was said */
    const char *password;
    const char *old_password;
    struct account_row stored;
    uint8_t session[TOKEN_HASH_BYTES];
};

static char *take_text(struct arena *arena, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? arena_strdup(arena, text) : NULL;
}

/* NULL: it was answered. */
static struct account_run *begin(struct desk_request *r, const struct field *fields)
{
    struct fault fault;
    struct arena *arena = r->http->arena;
    json_t *read = NULL;
    auto_json json_t *body = desk_request_body(r, false, &fault);
    if (!body || field_read(fields, body, &read, &fault)) {
        problem_reply(r->http, &fault);
        return NULL;
    }
    auto_json json_t *owned = read;
    struct account_run *run = arena_zalloc(arena, sizeof(*run));
    run->request = r;
    run->email = take_text(arena, owned, "email");
    run->password = take_text(arena, owned, "password");
    run->old_password = take_text(arena, owned, "old_password");
    if (run->email)
        app_user_fold_email(run->email);
    return run;
}

static void keep_stored(struct account_run *run, const PGresult *result)
{
    account_read(result, &run->stored);
    if (run->stored.hash)
        run->stored.hash = arena_strdup(run->request->http->arena, run->stored.hash);
}

static void ask(struct account_run *run, const struct password_question *question, password_fn *fn)
{
    struct desk_request *r = run->request;
    if (password_send(r->desk->password, question, fn, run))
        problem_say(r->http, ERR_BUSY, "", "too many are signing in: try again in a moment");
}

/* Calls 'then' when the attempt has its turn; one too many was answered. */
static void wait_turn(struct account_run *run, turn_fn *then)
{
    struct desk_request *r = run->request;
    int64_t wait_us;
    if (!guard_admit_password(r->desk->guard, r->http, run->account, &wait_us))
        return;
    if (turn_wait(r->desk->turns, wait_us, then, run))
        guard_refuse_password(r->http);
}

static void refuse_login(struct account_run *run)
{
    struct desk_request *r = run->request;
    access_log_refusal(r, "login.refuse", NULL, run->email);
    problem_say(r->http, ERR_UNAUTHORIZED, "",
                "there is nobody with this e-mail address and password");
}

static void on_opened(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    bool is_new;
    if (!answer->result) {
        desk_reply_failed(r, answer);
    } else if (!session_read_opened(answer->result, &is_new)) {
        refuse_login(run);
    } else {
        guard_on_password_right(r->desk->guard, r->http, run->account);
        session_reply_open(r);
        http_reply(r->http, 204, NULL, "", 0);
    }
}

static void on_login_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    if (!answer->is_right) {
        refuse_login(run);
        return;
    }
    session_token(r, run->session);
    const struct session_opening opening = {run->session, SESSION_HOURS, session_agent(r)};
    session_send_open_by_password(r->pg, run->stored.user_id, run->stored.hash, &opening, on_opened,
                                  run);
}

static void on_login_found(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (!answer->result) {
        desk_reply_failed(run->request, answer);
        return;
    }
    keep_stored(run, answer->result);
    ask(run, &(struct password_question){.stored = run->stored.hash, .given = run->password},
        on_login_checked);
}

static void find_by_email(void *arg)
{
    struct account_run *run = arg;
    account_send_find(run->request->pg, run->email, 0, on_login_found, run);
}

static void log_in(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    struct account_run *run = begin(r, app_user_login_fields);
    if (!run)
        return;
    run->account = run->email;
    wait_turn(run, find_by_email);
}

static void on_changed(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    if (account_read_changed(answer->result))
        http_reply(r->http, 204, NULL, "", 0);
    else
        problem_say(r->http, ERR_CONFLICT, "", "it was changed meanwhile: try again");
}

static void on_change_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    if (!answer->is_right) {
        access_log_refusal(r, "password.refuse", run->account, run->account);
        problem_say(r->http, ERR_FORBIDDEN, "/old_password", "this is not the password that holds");
        return;
    }
    guard_on_password_right(r->desk->guard, r->http, run->account);
    token_hash(r->token, run->session);
    const struct account_change change = {
        .user_id = r->holder.id,
        .seen_hash = run->stored.hash,
        .email = run->email,
        .hash = answer->made[0] ? answer->made : NULL,
        .session = run->session,
    };
    account_send_change(r->pg, &change, on_changed, r);
}

static void on_change_found(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (!answer->result) {
        desk_reply_failed(run->request, answer);
        return;
    }
    keep_stored(run, answer->result);
    if (run->stored.hash && !run->old_password) {
        problem_say(run->request->http, ERR_INVALID, "/old_password",
                    "the password that holds now is needed");
        return;
    }
    ask(run,
        &(struct password_question){.stored = run->stored.hash,
                                    .given = run->stored.hash ? run->old_password : NULL,
                                    .wanted = run->password},
        on_change_checked);
}

static void find_own(void *arg)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    account_send_find(r->pg, NULL, r->holder.id, on_change_found, run);
}

static void change(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    if (!session_is_asking(r))
        return;
    struct account_run *run = begin(r, app_user_account_fields);
    if (!run)
        return;
    run->account = desk_request_actor(r);
    if (!run->email && !run->password)
        problem_say(request, ERR_INVALID, "", "a new e-mail address or password is needed");
    else
        wait_turn(run, find_own);
}

static const struct route_reply login_replies[] = {
    {.status = 204, .meaning = "the session's cookie"},
    {0},
};

const struct route account_routes[] = {
    {.verb = VERB_POST,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/login",
     .body = {.bytes = 1 << 10, .fields = app_user_login_fields},
     .replies = login_replies,
     .problems = ROUTE_PROBLEM(ERR_UNAUTHORIZED) | ROUTE_PROBLEM(ERR_LIMITED) |
                 ROUTE_PROBLEM(ERR_UNAVAILABLE) | ROUTE_PROBLEM(ERR_INTERNAL),
     .handler = log_in,
     .summary = "Opens a session by e-mail and password"},
    {.verb = VERB_PATCH,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/account",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 10, .fields = app_user_account_fields},
     .replies = desk_done_replies,
     .problems = ROUTE_PROBLEM(ERR_CONFLICT) | ROUTE_PROBLEM(ERR_LIMITED),
     .handler = change,
     .summary = "Changes one's own e-mail or password"},
    {0},
};
