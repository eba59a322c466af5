// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who asks at the desk: holders of secret keys and of sessions. What the database said about a
 * token, also that nobody holds it, is remembered for 5 s in a table of fixed size. Never keeps a
 * token, only its hash. Nobody is kept from asking: a token has 256 random bits, so guessing is
 * hopeless, and what is none by its look is not asked about.
 */
#pragma once

#include "io/net/loop.h"
#include "io/pg/pg.h"
#include "store/access/holder.h"

#include <stdbool.h>

struct access;

enum access_kind { ACCESS_KEY, ACCESS_SESSION };

struct access *access_new(struct loop *l, struct pg *pg);
/* To be called after pg_free, since lookups may be under way until then. */
void access_free(struct access *a);

/* ERR_OK with the holder, borrowed; ERR_UNAUTHORIZED: nobody holds it; ERR_UNAVAILABLE. */
typedef void access_fn(void *arg, enum err e, const struct holder *holder);

/* Answers through fn, once, from the loop. 'token' is copied. */
void access_find(struct access *a, enum access_kind kind, const char *token, access_fn *fn,
                 void *arg);

/* Forgets everything remembered: a key or session has ended. */
void access_forget(struct access *a);
