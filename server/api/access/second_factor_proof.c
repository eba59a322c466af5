// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/second_factor_proof.h"

#include "api/access/access_log.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/process/log.h"

#include <string.h>

const char *second_factor_use(struct arena *arena, int64_t user_id)
{
    return arena_printf(arena, "second_factor:%lld", (long long)user_id);
}

bool second_factor_open(const struct account_run *run, uint8_t ret_secret[TOTP_SECRET_BYTES])
{
    const struct desk_request *r = run->request;
    const char *hex = run->stored.secret;
    uint8_t sealed[SECOND_FACTOR_SEALED_BYTES];
    bool is_open =
        r->desk->sealing_key && hex && strlen(hex) == sizeof(sealed) * 2 &&
        text_unhex(hex, strlen(hex), sealed) &&
        unseal(r->desk->sealing_key, second_factor_use(r->http->arena, run->stored.user_id), sealed,
               TOTP_SECRET_BYTES, ret_secret);
    if (!is_open)
        log_error("desk: a second factor cannot be read: sealing_key is not what sealed it");
    return is_open;
}

static void on_failed(void *arg, const struct pg_answer *answer)
{
    struct account_run *run = arg;
    if (answer->result)
        problem_say(run->request->http, ERR_UNAUTHORIZED, "/code",
                    "this is not the code of the second factor");
    else
        desk_reply_failed(run->request, answer);
}

static void refuse_code(struct account_run *run)
{
    struct desk_request *r = run->request;
    access_log_refusal(r, "second_factor.refuse",
                       arena_printf(r->http->arena, "user:%lld", (long long)run->stored.user_id),
                       run->account);
    second_factor_send_fail(r->pg, run->stored.user_id, on_failed, run);
}

void second_factor_refuse_used(struct account_run *run)
{
    access_log_refusal(run->request, "second_factor.refuse", NULL, run->account);
    problem_say(run->request->http, ERR_UNAUTHORIZED, "/code",
                "this code was used already: wait for the next one");
}

static bool prove_by_time(struct account_run *run)
{
    uint8_t secret[TOTP_SECRET_BYTES];
    struct http_request *http = run->request->http;
    if (run->stored.locked_s > 0) {
        problem_limited(http, (uint64_t)(run->stored.locked_s * SECOND_US),
                        "too many wrong codes: none holds for some minutes, but a recovery code "
                        "does");
        return false;
    }
    if (!second_factor_open(run, secret)) {
        problem_say(http, ERR_UNAVAILABLE, "/code",
                    "the second factor cannot be read: sealing_key is not what sealed it; a "
                    "recovery code still holds");
        return false;
    }
    run->proof.step = totp_find_step(secret, run->code, clock_wall_us());
    if (run->proof.step == 0) {
        refuse_code(run);
        return false;
    }
    if (run->proof.step > run->stored.step)
        return true;
    second_factor_refuse_used(run);
    return false;
}

bool second_factor_prove(struct account_run *run)
{
    struct http_request *http = run->request->http;
    if (!run->code || !run->code[0]) {
        problem_say(http, ERR_UNAUTHORIZED, "/code", "the code of the second factor is needed");
        return false;
    }
    if (totp_is_code(run->code))
        return prove_by_time(run);
    if (recovery_code_hash(run->code, run->recovery)) {
        run->proof.recovery = run->recovery;
        return true;
    }
    refuse_code(run);
    return false;
}
