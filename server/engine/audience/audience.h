// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How many visitors a condition would let in, before anybody is let in: the condition is asked
 * about a sample of the last 30 days' visitors with what their events told of them. What a site
 * tells at the moment of a decision alone was never stored, so it cannot be known here: whoever
 * asks is told which attributes these are. The sample stays in memory for some minutes, since
 * conditions are asked about as they are typed. Runs at the desk.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"
#include "io/net/loop.h"
#include "io/net/thread_pool.h"
#include "io/pg/pg.h"

#include <jansson.h>
#include <stdint.h>

struct audience;
struct audience_sample;

/* 'pg' and 'pool' are borrowed: a sample is taken apart in a thread. Samples are forgotten when
 * nobody has asked for them for some minutes. */
struct audience *audience_new(struct loop *l, struct pg *pg, struct thread_pool *pool);
/* After pg_free and thread_pool_free. */
void audience_free(struct audience *a);

/* 'sample' is borrowed for the call, unless it is referenced; NULL when it could not be read, and
 * then 'answer' says why. */
typedef void audience_fn(void *arg, struct audience_sample *sample, const struct pg_answer *answer);
/* Calls fn once, later, from the loop. */
void audience_ask(struct audience *a, int64_t environment_id, audience_fn *fn, void *arg);

/* On the loop alone. Returns the sample. */
struct audience_sample *audience_sample_ref(struct audience_sample *s);
void audience_sample_unref(struct audience_sample *s);

/* What follows takes long, and runs in any thread that holds a reference: nobody changes a sample.
 */

/* How long an estimate looks at visitors; beyond it, it is one of those it has looked at. */
#define AUDIENCE_BUDGET_US INT64_C(2000000)

/* Appends {"visitors", "sampled", "days", "matching", "share", "low", "high", "unknown"}.
 * 'condition' NULL or null: everybody. ERR_INVALID with a pointer into the condition. Looks at one
 * visitor at least, and at no other once budget_us are over: patterns may take long with each. */
enum err audience_estimate(const struct audience_sample *sample, const json_t *condition,
                           int64_t budget_us, struct buf *out, struct fault *ret_fault) must_use;
/* Appends {"visitors", "sampled", "days", "attributes": [{"name", "type", "share", "values"}]}. */
void audience_write_attributes(const struct audience_sample *sample, struct buf *out);
