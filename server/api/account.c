// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/account.h"

#include "api/guard.h"
#include "api/problem.h"
#include "api/session.h"
#include "engine/password.h"
#include "io/row.h"
#include "model/app_user.h"
#include "sql/queries.h"

#include <string.h>

/* One login or change, in the request's arena. */
struct account_run {
    struct desk_request *request;
    char *email; /* these: NULL where nothing was said */
    const char *password;
    const char *old_password;
    struct access_password stored;
    uint8_t session[ACCESS_HASH_BYTES];
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
    access_read_password(result, &run->stored);
    if (run->stored.hash)
        run->stored.hash = arena_strdup(run->request->http->arena, run->stored.hash);
}

static void ask(struct account_run *run, const struct password_question *question, password_fn *fn)
{
    struct desk_request *r = run->request;
    if (password_send(r->desk->password, question, fn, run))
        problem_say(r->http, ERR_BUSY, "", "too many are signing in: try again in a moment");
}

static void refuse_login(struct desk_request *r)
{
    guard_on_login_failed(r->desk->guard, r->http);
    problem_say(r->http, ERR_UNAUTHORIZED, "",
                "there is nobody with this e-mail address and password");
}

static void on_opened(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
    } else if (row_count(answer->result) == 0) {
        refuse_login(r);
    } else {
        session_reply_open(r);
        http_reply(r->http, 204, NULL, "", 0);
    }
}

static void on_login_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    if (!answer->is_right) {
        refuse_login(r);
        return;
    }
    session_token(r, run->session);
    const struct access_opening opening = {run->session, SESSION_HOURS, session_agent(r)};
    access_send_open_by_password(r->desk->pg, run->stored.user_id, run->stored.hash, &opening,
                                 on_opened, r);
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

void account_login(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    if (!guard_admit_login(r->desk->guard, request))
        return;
    struct account_run *run = begin(r, app_user_login_fields);
    if (run)
        access_send_find_password(r->desk->pg, run->email, 0, on_login_found, run);
}

static void on_changed(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    if (row_bool(answer->result, 0, 0))
        http_reply(r->http, 204, NULL, "", 0);
    else
        problem_say(r->http, ERR_CONFLICT, "", "it was changed meanwhile: try again");
}

static void on_change_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    struct pg_params params = {.arena = r->http->arena};
    if (!answer->is_right) {
        guard_on_login_failed(r->desk->guard, r->http);
        problem_say(r->http, ERR_FORBIDDEN, "/old_password", "this is not the password that holds");
        return;
    }
    access_token_hash(r->token, run->session);
    pg_param_int(&params, r->holder.id);
    pg_param_text(&params, run->stored.hash);
    pg_param_text(&params, run->email);
    pg_param_text(&params, answer->made[0] ? answer->made : NULL);
    pg_param_bytes(&params, run->session, sizeof(run->session));
    pg_send(r->desk->pg, QUERY_ACCOUNT_CHANGE, &params, on_changed, r);
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

void account_change(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    if (!session_is_asking(r) || !guard_admit_login(r->desk->guard, request))
        return;
    struct account_run *run = begin(r, app_user_account_fields);
    if (!run)
        return;
    if (!run->email && !run->password)
        problem_say(request, ERR_INVALID, "", "a new e-mail address or password is needed");
    else
        access_send_find_password(r->desk->pg, NULL, r->holder.id, on_change_found, run);
}
