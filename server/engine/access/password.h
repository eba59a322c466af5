// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Passwords are kept as argon2id, which takes 64 MiB and some 100 ms on purpose: it is worked out
 * off the loop, two at once, and no more than a few wait. Not by the worker: a job's input
 * stands in the database and its logs, where no password may be.
 */
#pragma once

#include "base/err.h"
#include "io/net/loop.h"

#include <sodium.h>
#include <stdbool.h>

struct password;

struct password *password_new(struct loop *l);
/* What was sent is worked off and reported before it returns. */
void password_free(struct password *p);

struct password_question {
    const char *stored; /* the hash that holds; NULL: there is none, and 'given' cannot be right */
    const char *given;  /* NULL: nothing is to be checked */
    const char *wanted; /* the new password; NULL: none is to be made */
};

struct password_answer {
    bool is_right;                     /* 'given' fits 'stored', or nothing was to be checked */
    char made[crypto_pwhash_STRBYTES]; /* the hash of 'wanted', where that is right; else "" */
};

/* The answer is borrowed. */
typedef void password_fn(void *arg, const struct password_answer *answer);

/* Answers once, from the loop; what is asked is copied, and forgotten then. A given password takes
 * as long without a stored one. ERR_BUSY: too many wait, fn is not called. */
enum err password_send(struct password *p, const struct password_question *question,
                       password_fn *fn, void *arg) must_use;
