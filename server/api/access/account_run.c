// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/account_run.h"

#include "api/access/access_log.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "model/admin/app_user.h"

static char *take_text(struct arena *arena, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? arena_strdup(arena, text) : NULL;
}

struct account_run *account_run_begin(struct desk_request *r, const struct field *fields)
{
    struct arena *arena = r->http->arena;
    auto_json json_t *owned = desk_request_fields(r, false, fields);
    if (!owned)
        return NULL;
    struct account_run *run = arena_zalloc(arena, sizeof(*run));
    run->request = r;
    run->email = take_text(arena, owned, "email");
    run->password = take_text(arena, owned, "password");
    run->old_password = take_text(arena, owned, "old_password");
    run->code = take_text(arena, owned, "code");
    if (run->email)
        app_user_fold_email(run->email);
    return run;
}

static const char *keep_text(const struct account_run *run, const char *text)
{
    return text ? arena_strdup(run->request->http->arena, text) : NULL;
}

void account_run_keep(struct account_run *run, const PGresult *result)
{
    struct account_row *stored = &run->stored;
    account_read(result, stored);
    stored->email = keep_text(run, stored->email);
    stored->hash = keep_text(run, stored->hash);
    stored->secret = keep_text(run, stored->secret);
}

void account_run_ask(struct account_run *run, const struct password_question *question,
                     password_fn *fn)
{
    struct desk_request *r = run->request;
    if (password_send(r->desk->password, question, fn, run))
        problem_say(r->http, ERR_BUSY, "", "too many are signing in: try again in a moment");
}

void account_run_wait_turn(struct account_run *run, turn_fn *then)
{
    struct desk_request *r = run->request;
    int64_t wait_us;
    if (!guard_admit_password(r->desk->guard, r->http, run->account, &wait_us))
        return;
    if (turn_wait(r->desk->turns, wait_us, then, run))
        guard_refuse_password(r->http);
}

void account_run_refuse_old(struct account_run *run)
{
    struct desk_request *r = run->request;
    access_log_refusal(r, "password.refuse", run->account, run->account);
    problem_say(r->http, ERR_FORBIDDEN, "/old_password", "this is not the password that holds");
}
