// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * ID tokens: whether the provider signed one (RS256 or ES256, by cjose), for us, for this sign-in,
 * and not long ago (OpenID Connect Core 1.0, 3.1.3.7). No I/O and no clock.
 */
#pragma once

#include "base/err.h"
#include "base/json/json.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct oidc_expected {
    const char *issuer;
    const char *client_id;
    const char *nonce;
    int64_t now_s;
};

/* Returns the token's claims, a new reference, or NULL with *ret_fault: ERR_FORBIDDEN with the
 * rule that is broken; ERR_NOT_FOUND: none of the keys ("keys" of a JWK set) is the one it names,
 * so newer ones may hold it. */
json_t *oidc_token_read(const char *token, const json_t *keys, const struct oidc_expected *expected,
                        struct fault *ret_fault);

/* Who it is. */
struct oidc_person {
    const char *subject; /* the provider's name of them, which never changes */
    const char *email;   /* verified, in lower case */
    const json_t *claims;
};
/* Reads it from claims, which it borrows from; 'email' has room for 255 bytes. ERR_FORBIDDEN:
 * there is no verified address. */
enum err oidc_person_read(const json_t *claims, char *ret_email, struct oidc_person *ret,
                          struct fault *ret_fault) must_use;
