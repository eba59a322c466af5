// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Work that would hold the loop up (fsync, argon2), done aside of it: by one thread, piece by piece
 * in the order sent, each reported through the loop. A decision must not wait for a disk. This is
 * the one place with a thread and a lock; a piece of work touches nothing that the loop touches
 * before it is reported, and never logs.
 */
#pragma once

#include "io/loop.h"

struct aside;

/* The thread begins with the first piece. */
struct aside *aside_new(struct loop *l);
/* Everything sent is worked off and reported before it returns, and what that sends too. NULL:
 * nothing. */
void aside_free(struct aside *a);
/* work(arg) in the thread, then done(arg) from the loop. */
void aside_send(struct aside *a, loop_fn *work, loop_fn *done, void *arg);
