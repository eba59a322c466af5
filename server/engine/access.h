// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who asks at the desk: holders of secret keys and of sessions. What the database said about a
 * token, also that nobody holds it, is remembered for 5 s in a table of fixed size. Never keeps a
 * token, only its hash.
 */
#pragma once

#include "io/loop.h"
#include "io/pg.h"
#include "store/access.h"

#include <stdbool.h>

struct access;

enum access_kind { ACCESS_KEY, ACCESS_SESSION };

struct access *access_new(struct loop *l, struct pg *pg);
/* After pg_free: until then lookups may be under way. */
void access_free(struct access *a);

/* ERR_OK with the holder, borrowed; ERR_UNAUTHORIZED: nobody holds it; ERR_UNAVAILABLE. */
typedef void access_fn(void *arg, enum err e, const struct access_holder *holder);

/* Answers through fn, once, from the loop. 'token' is copied. */
void access_find(struct access *a, enum access_kind kind, const char *token, access_fn *fn,
                 void *arg);

/* Is it remembered what the database said about it? Then access_find does not ask. */
bool access_remembers(struct access *a, enum access_kind kind, const char *token);

/* Forgets everything remembered: a key or session has ended. */
void access_forget(struct access *a);
