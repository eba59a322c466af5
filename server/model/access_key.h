// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keys: client keys are public and may only decide and send events; secret keys have a role, are
 * shown once and kept as a hash. A token is a prefix and 256 random bits in base64url.
 */
#pragma once

#include "base/field.h"
#include "model/change.h"

#include <stdint.h>

#define ACCESS_KEY_CLIENT_PREFIX "mck_"
#define ACCESS_KEY_SECRET_PREFIX "msk_"
#define ACCESS_TOKEN_SIZE        48 /* longest token with its NUL */
#define ACCESS_HASH_BYTES        32

extern const struct field access_key_fields[];

/* Nobody grants a role above the actor's. On create the reply reveals the token. */
change_fn access_key_change;

/* What is stored of a token: its SHA-256. */
void access_token_hash(const char *token, uint8_t ret_hash[ACCESS_HASH_BYTES]);
