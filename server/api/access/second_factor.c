// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/second_factor.h"

#include "api/access/account_run.h"
#include "api/access/second_factor_proof.h"
#include "api/access/session.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "engine/access/seal.h"
#include "engine/access/totp.h"
#include "model/admin/app_user.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    if (session_is_asking(r))
        second_factor_send_show(r->pg, r->holder.id, desk_reply_view, r);
}

static void find_own(void *arg, pg_answer_fn *then)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    account_send_find(r->pg, NULL, r->holder.id, then, run);
}

/* Reads the body of a user that changes the own factor. NULL: it was answered. */
static struct account_run *begin_own(struct desk_request *r, const struct field *fields)
{
    struct account_run *run = session_is_asking(r) ? account_run_begin(r, fields) : NULL;
    if (run)
        run->account = desk_request_actor(r);
    return run;
}

/* Adding one: a secret is made, sealed and shown. */

static void add_escaped(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            buf_add_char(b, *text);
        else
            buf_printf(b, "%%%02X", (unsigned char)*text);
    }
}

struct beginning {
    struct account_run *run;
    uint8_t secret[TOTP_SECRET_BYTES];
};

static void on_begun(void *arg, const struct pg_answer *answer)
{
    struct beginning *b = arg;
    struct desk_request *r = b->run->request;
    char secret[TOTP_SECRET_BYTES / 5 * 8 + 1];
    auto_buf struct buf body = {0};
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    if (!second_factor_read_changed(answer->result)) {
        problem_say(r->http, ERR_CONFLICT, "", "there is a second factor: remove it first");
        return;
    }
    base32_write(b->secret, sizeof(b->secret), secret);
    buf_printf(&body, "{\"secret\":\"%s\",\"uri\":\"otpauth://totp/mete:", secret);
    add_escaped(&body, b->run->stored.email);
    buf_printf(&body, "?secret=%s&issuer=mete\"}\n", secret);
    desk_reply_json(r, 200, body.data, body.length);
}

static void on_begin_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    uint8_t sealed[SECOND_FACTOR_SEALED_BYTES];
    if (!answer->is_right) {
        account_run_refuse_old(run);
        return;
    }
    guard_on_password_right(r->desk->guard, r->http, run->account);
    struct beginning *b = arena_zalloc(r->http->arena, sizeof(*b));
    b->run = run;
    randombytes_buf(b->secret, sizeof(b->secret));
    seal(r->desk->sealing_key, second_factor_use(r->http->arena, r->holder.id), b->secret,
         sizeof(b->secret), sealed);
    second_factor_send_begin(r->pg, r->holder.id, sealed, sizeof(sealed), on_begun, b);
}

/* Keeps what was found. False: it was answered. */
static bool keep_own(struct account_run *run, const struct pg_answer *answer)
{
    if (!answer->result) {
        desk_reply_failed(run->request, answer);
        return false;
    }
    account_run_keep(run, answer->result);
    return true;
}

static void on_begin_found(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (!keep_own(run, answer))
        return;
    if (!run->stored.hash)
        problem_say(run->request->http, ERR_CONFLICT, "/old_password", "set a password first");
    else
        account_run_ask(
            run,
            &(struct password_question){.stored = run->stored.hash, .given = run->old_password},
            on_begin_checked);
}

static void find_to_begin(void *arg)
{
    find_own(arg, on_begin_found);
}

static void begin(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct account_run *run = begin_own(r, app_user_factor_fields);
    if (!run)
        return;
    if (!r->desk->sealing_key)
        problem_say(request, ERR_CONFLICT, "",
                    "second factors are not set up here: the server needs a sealing_key");
    else
        account_run_wait_turn(run, find_to_begin);
}

/* Confirming it: the app shows the right codes, so from now on they are asked for. */

struct confirming {
    struct account_run *run;
    char codes[RECOVERY_CODES][RECOVERY_CODE_SIZE];
};

static void on_confirmed(void *arg, const struct pg_answer *answer)
{
    struct confirming *c = arg;
    struct desk_request *r = c->run->request;
    auto_buf struct buf body = {0};
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    access_forget(r->desk->access);
    if (!second_factor_read_changed(answer->result)) {
        problem_say(r->http, ERR_CONFLICT, "", "it was changed meanwhile: try again");
        return;
    }
    buf_add_str(&body, "{\"recovery_codes\":[");
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        buf_printf(&body, "%s\"%s\"", i > 0 ? "," : "", c->codes[i]);
    buf_add_str(&body, "]}\n");
    desk_reply_json(r, 200, body.data, body.length);
}

static void send_confirm(struct account_run *run, int64_t step)
{
    struct desk_request *r = run->request;
    auto_buf struct buf hashes = {0};
    struct confirming *c = arena_zalloc(r->http->arena, sizeof(*c));
    c->run = run;
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        char hex[2 * TOKEN_HASH_BYTES + 1];
        recovery_code_random(c->codes[i]);
        must(recovery_code_hash(c->codes[i], run->recovery));
        text_hex(run->recovery, TOKEN_HASH_BYTES, hex);
        buf_printf(&hashes, "%s%s", i > 0 ? "," : "", hex);
    }
    token_hash(r->token, run->session);
    const struct second_factor_confirming confirming = {r->holder.id, step, hashes.data,
                                                        run->session};
    second_factor_send_confirm(r->pg, &confirming, on_confirmed, c);
}

static void on_wrong_noted(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (answer->result)
        problem_say(run->request->http, ERR_INVALID, "/code",
                    "this is not the code that the app shows now");
    else
        desk_reply_failed(run->request, answer);
}

static void on_confirm_found(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    struct http_request *http = run->request->http;
    uint8_t secret[TOTP_SECRET_BYTES];
    if (!keep_own(run, answer))
        return;
    if (!run->stored.secret || run->stored.is_confirmed) {
        problem_say(http, ERR_CONFLICT, "", "there is no second factor that waits for its code");
    } else if (run->stored.locked_s > 0) {
        problem_limited(http, (uint64_t)(run->stored.locked_s * SECOND_US),
                        "too many wrong codes: begin again");
    } else if (!second_factor_open(run, secret)) {
        problem_say(http, ERR_UNAVAILABLE, "", "the sealing_key has changed: begin again");
    } else {
        int64_t step = totp_find_step(secret, run->code, clock_wall_us());
        if (step > 0)
            send_confirm(run, step);
        else
            second_factor_send_fail(run->request->pg, run->stored.user_id, on_wrong_noted, run);
    }
}

static void find_to_confirm(void *arg)
{
    find_own(arg, on_confirm_found);
}

static void confirm(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct account_run *run = begin_own(arg, app_user_confirm_fields);
    if (run)
        account_run_wait_turn(run, find_to_confirm);
}

/* Removing it: by password and a code. */

static void on_removed(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (!answer->result)
        desk_reply_failed(run->request, answer);
    else if (second_factor_read_changed(answer->result))
        http_reply(run->request->http, 204, NULL, "", 0);
    else
        second_factor_refuse_used(run);
}

static void on_remove_checked(void *arg, const struct password_answer *answer)
{
    struct account_run *run = arg;
    struct desk_request *r = run->request;
    if (!answer->is_right)
        account_run_refuse_old(run);
    else if (second_factor_prove(run))
        second_factor_send_remove(r->pg, r->holder.id, &run->proof, on_removed, run);
}

static void on_remove_found(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (!keep_own(run, answer))
        return;
    if (!run->stored.is_confirmed)
        problem_say(run->request->http, ERR_CONFLICT, "", "there is no second factor");
    else
        account_run_ask(
            run,
            &(struct password_question){.stored = run->stored.hash, .given = run->old_password},
            on_remove_checked);
}

static void find_to_remove(void *arg)
{
    find_own(arg, on_remove_found);
}

static void remove_own(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct account_run *run = begin_own(arg, app_user_remove_factor_fields);
    if (run)
        account_run_wait_turn(run, find_to_remove);
}

static const struct field show_fields[] = {
    {.name = "is_on", .kind = FIELD_BOOL, .meaning = "a code is asked for beside the password"},
    {.name = "recovery_codes_left",
     .kind = FIELD_INT,
     .meaning = "each signs in once where the app is lost"},
    {0},
};
static const struct field begun_fields[] = {
    {.name = "secret", .kind = FIELD_TEXT, .meaning = "in base32, to be typed into an app"},
    {.name = "uri", .kind = FIELD_TEXT, .meaning = "the same for a picture that apps read"},
    {0},
};
static const struct field code_item = {.kind = FIELD_TEXT};
static const struct field confirmed_fields[] = {
    {.name = "recovery_codes",
     .kind = FIELD_LIST,
     .of = &code_item,
     .meaning = "shown once; each signs in once where the app is lost"},
    {0},
};

#define REPLIES(name_, meaning_, fields_)                                                          \
    static const struct route_reply name_[] = {                                                    \
        {.status = 200, .meaning = (meaning_), .type = "application/json", .fields = (fields_)},   \
        {0},                                                                                       \
    }
REPLIES(show_replies, "whether there is one", show_fields);
REPLIES(begun_replies, "what the app is to be told", begun_fields);
REPLIES(confirmed_replies, "it is asked for from now on", confirmed_fields);

#define PATH DESK_API "/account/second_factor"
#define OWN(path_, handler_, replies_, fields_, summary_)                                          \
    {                                                                                              \
        .verb = VERB_POST, .lane = DESK_LANE_ACCESS, .path = PATH path_, .role = ROLE_VIEWER,      \
        .tokens = DESK_TOKENS, .body = {.bytes = 1 << 10, .fields = (fields_)},                    \
        .replies = (replies_),                                                                     \
        .problems = ROUTE_PROBLEM(ERR_CONFLICT) | ROUTE_PROBLEM(ERR_LIMITED),                      \
        .handler = (handler_), .summary = (summary_)                                               \
    }

const struct route second_factor_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = PATH,
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = show_replies,
     .handler = show,
     .summary = "Whether one has a second factor"},
    OWN("", begin, begun_replies, app_user_factor_fields,
        "Begins to add one: shows a secret for an app"),
    OWN("/confirm", confirm, confirmed_replies, app_user_confirm_fields,
        "Adds it, by the app's code; shows recovery codes"),
    OWN("/remove", remove_own, desk_done_replies, app_user_remove_factor_fields, "Removes it"),
    {0},
};
