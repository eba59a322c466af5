// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Signing in by an identity provider (engine/access/oidc.h): a button leads the browser there, and
 * the provider sends it back. What binds both ways to one browser is a cookie that lives ten
 * minutes. Whatever fails leads to the sign-in page, with the reason in its address: "stale",
 * "refused", "unknown", "unverified" or "away". It proves as much as a password and a second
 * factor: asking for one is the provider's.
 */
#pragma once

#include "api/route/route.h"
#include "base/arena.h"
#include "io/net/loop.h"

/* As the settings oidc_* say; texts are borrowed. */
struct provider_options {
    const char *issuer; /* "": there is none */
    const char *client_id;
    const char *client_secret;
    const char *name;
    const char *scopes;
    const char *role;
    const char *role_claim;
    const char *roles;
};

struct provider;
/* NULL where there is none. */
struct provider *provider_new(struct loop *l, struct arena *arena,
                              const struct provider_options *options, const char *public_url);
/* NULL: nothing. */
void provider_free(struct provider *p);

extern const struct route provider_routes[];
