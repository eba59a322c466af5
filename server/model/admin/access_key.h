// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Keys: client keys are public and may only decide and send events; secret keys have a role, are
 * shown once and kept as a hash. A role says nothing of events: a secret key sends them by a scope,
 * "events", or "backfill" for those of past days, too. A token is a prefix and 256 random bits in
 * base64url.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

#include <stdint.h>

#define ACCESS_KEY_CLIENT_PREFIX "mck_"
#define ACCESS_KEY_SECRET_PREFIX "msk_"
#define ACCESS_TOKEN_SIZE        48 /* longest token with its NUL */

extern const struct field access_key_fields[];

/* Nobody grants a role above the actor's. On create the reply reveals the token. */
change_fn access_key_change;
