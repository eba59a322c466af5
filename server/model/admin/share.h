// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Links that show a campaign's results, and nothing else, to whoever has one: a token of 256 random
 * bits that is shown once and kept as a hash, ends by itself, and can be revoked.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

#define SHARE_PREFIX     "mss_"
#define SHARE_TOKEN_SIZE 48 /* of a token with its NUL */

extern const struct field share_fields[];

/* Context: {"campaigns": [key]}, of those that have results. On create the reply reveals the token.
 */
change_fn share_change;
