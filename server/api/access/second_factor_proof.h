// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is shown beside a password: a code by time, or a recovery code. Wrong ones are counted and
 * noted; the database has the last word, that it was not used before.
 */
#pragma once

#include "api/access/account_run.h"
#include "engine/access/seal.h"
#include "engine/access/totp.h"

#define SECOND_FACTOR_SEALED_BYTES (TOTP_SECRET_BYTES + SEAL_EXTRA_BYTES)

/* What a user's secret is sealed for: it belongs to that row alone. In the arena. */
const char *second_factor_use(struct arena *arena, int64_t user_id);
/* Opens the secret in run->stored. False: it was sealed by another key, or there is none here. */
bool second_factor_open(const struct account_run *run, uint8_t ret_secret[TOTP_SECRET_BYTES]);
/* Holds run->code against the second factor in run->stored, and fills run->proof, which the
 * database still has to find unused. False: it was answered. */
bool second_factor_prove(struct account_run *run);
/* Answers that the code was used already. */
void second_factor_refuse_used(struct account_run *run);
