// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Signing in by an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE
 * (RFC 7636). Who asks it is asked for by a thread of its own, one request after the other, so that
 * a slow provider holds up nobody but those who sign in by it; a few may wait. Runs in the process
 * "desk". Keeps no tokens; remembers the provider's own description and keys.
 */
#pragma once

#include "base/err.h"
#include "base/token.h"
#include "engine/access/oidc_token.h"
#include "io/net/loop.h"

struct oidc_options {
    const char *issuer; /* as discovery and ID tokens say it; texts are borrowed */
    const char *client_id;
    const char *client_secret;
    const char *redirect_uri;
};

struct oidc;
struct oidc *oidc_new(struct loop *l, const struct oidc_options *options);
/* What was sent is worked off and reported before it returns. NULL: nothing. */
void oidc_free(struct oidc *o);

/* What one browser's sign-in is bound by. All of it follows from one random token, which the
 * browser keeps in a cookie: nothing is stored here. */
struct oidc_binding {
    char state[TOKEN_LENGTH + 1];
    char nonce[TOKEN_LENGTH + 1];
    char verifier[TOKEN_LENGTH + 1];
    char challenge[TOKEN_LENGTH + 1]; /* S256 of the verifier */
};
void oidc_bind(const char *token, struct oidc_binding *ret);

struct oidc_answer {
    /* ERR_OK; ERR_FORBIDDEN: the provider or its token says no; ERR_UNAVAILABLE: it did not answer
     * as it should. */
    struct fault fault;
    const char *endpoint; /* of oidc_begin: where browsers go, no query in it, or one that ends with
                             what joins more */
    struct oidc_person person; /* of oidc_finish */
};
/* The answer is borrowed. */
typedef void oidc_fn(void *arg, const struct oidc_answer *answer);

/* Asks where people sign in; answers once, from the loop. ERR_BUSY: too many wait. */
enum err oidc_begin(struct oidc *o, oidc_fn *fn, void *arg) must_use;
/* Asks who came back with a code, which is copied. */
enum err oidc_finish(struct oidc *o, const char *code, const struct oidc_binding *binding,
                     oidc_fn *fn, void *arg) must_use;
