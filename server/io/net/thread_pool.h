// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Work that would hold the loop up (fsync, argon2, results), done off it by threads: piece by piece
 * in the order sent, each reported through the loop. A decision must not wait for a disk. This is
 * the one place with a thread and a lock; a piece of work touches nothing that the loop touches
 * before it is reported, and never logs.
 */
#pragma once

#include "base/err.h"
#include "io/net/loop.h"

#include <stddef.h>

struct thread_pool;

/* One thread, and room for any number of pieces: a piece begins when the one before has ended. The
 * thread begins with the first piece. */
struct thread_pool *thread_pool_new(struct loop *l);
/* Up to 'threads' of them, at least 1: so many pieces run beside each other, and end in any order.
 * Several give way to the loop where processors are short.
 * 'room': how many may wait or run, see thread_pool_offer. */
struct thread_pool *thread_pool_new_wide(struct loop *l, size_t threads, size_t room);
/* Everything sent is worked off and reported before it returns, and what that sends too. NULL:
 * nothing. */
void thread_pool_free(struct thread_pool *a);
/* Calls work(arg) in a thread, then done(arg) from the loop. */
void thread_pool_send(struct thread_pool *a, loop_fn *work, loop_fn *done, void *arg);
/* The same where there is room. ERR_BUSY: there is none, and nothing was taken. */
enum err thread_pool_offer(struct thread_pool *a, loop_fn *work, loop_fn *done, void *arg) must_use;
