// SPDX-License-Identifier: GPL-3.0-or-later
/* What has to do with a user's password: signing in, changes of the account, second factors. */
#pragma once

#include "api/access/turn.h"
#include "api/route/desk_request.h"
#include "engine/access/password.h"
#include "store/access/account.h"
#include "store/access/second_factor.h"

/* One login or change, in the request's arena. */
struct account_run {
    struct desk_request *request;
    const char *account; /* what attempts are counted for */
    char *email;         /* these: NULL where nothing was said */
    const char *password;
    const char *old_password;
    const char *code;
    struct account_row stored;
    struct second_factor_proof proof;
    uint8_t recovery[TOKEN_HASH_BYTES]; /* what proof.recovery points at */
    uint8_t session[TOKEN_HASH_BYTES];
};

/* Reads the body by its fields. NULL: it was answered. */
struct account_run *account_run_begin(struct desk_request *r, const struct field *fields);
/* Calls 'then' when the attempt has its turn; one too many was answered. */
void account_run_wait_turn(struct account_run *run, turn_fn *then);
/* Copies what was found into run->stored. */
void account_run_keep(struct account_run *run, const PGresult *result);
/* Asks about a password; too many askers were answered. */
void account_run_ask(struct account_run *run, const struct password_question *question,
                     password_fn *fn);
/* Answers that the old password is wrong, and notes it. */
void account_run_refuse_old(struct account_run *run);
