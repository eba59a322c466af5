// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest.h"

#include "base/clock.h"
#include "base/mem.h"
#include "engine/ingest/ingest_store.h"

/* Of properties waiting: with the other texts of queue_rows rows, all that may gather. */
#define QUEUE_BYTES (32u * 1024 * 1024)

struct ingest {
    struct loop *loop;
    struct ingest_options options;
    struct ingest_store *store;
    struct ingest_spool *spool; /* NULL: none */
    struct ingest_refusals *refusals;
    struct ingest_batch gathering;
    struct loop_timer *timeout;
    size_t full_rows; /* how many were waiting when the last one was refused; 0: it was not */
    bool is_pumping;  /* pump is deferred */
    bool is_draining; /* the batch in flight, or the last one, is the spool's */
};

static int64_t timeout_left_us(const struct ingest *in)
{
    return ingest_store_stalled_us(in->store) + in->options.timeout_us - clock_mono_us();
}

static void refuse(struct ingest_batch *rows)
{
    struct ingest_batch refused = *rows;
    *rows = (struct ingest_batch){0};
    for (size_t i = 0; i < refused.count; i++)
        ingest_row_finish(&refused.rows[i], INGEST_WAITING, ERR_UNAVAILABLE);
    ingest_batch_done(&refused);
}

static void to_spool(struct ingest *in, struct ingest_batch *rows)
{
    if (in->spool)
        ingest_spool_add(in->spool, rows);
    else
        refuse(rows);
}

static void on_left(void *arg, const struct ingest_batch *left, bool is_lost)
{
    struct ingest *in = arg;
    if (in->is_draining) {
        ingest_spool_put_off(in->spool);
        for (size_t i = 0; i < left->count; i++)
            ingest_row_finish(&left->rows[i], INGEST_WAITING, ERR_UNAVAILABLE);
        return;
    }
    struct ingest_batch rows = {0};
    for (size_t i = 0; i < left->count; i++)
        ingest_batch_add(is_lost ? &in->gathering : &rows, left->rows[i].request,
                         left->rows[i].index);
    to_spool(in, &rows);
    ingest_batch_done(&rows);
}

/* Sends a batch, of what arrived and of what was spooled in turns. */
static void send(struct ingest *in)
{
    struct ingest_batch *drained = in->spool ? ingest_spool_next(in->spool) : NULL;
    bool has_live = in->gathering.count > 0;
    if (!drained && !has_live)
        return;
    in->is_draining = drained && (!has_live || !in->is_draining);
    ingest_store_send(in->store, in->is_draining ? drained : &in->gathering);
}

/* PostgreSQL has had its time: what waits for it goes to the spool, one record after the other, so
 * that the next one gathers meanwhile. */
static void spill_waiting(struct ingest *in)
{
    struct ingest_batch in_flight = {0};
    if (!in->is_draining)
        ingest_store_withdraw(in->store, &in_flight);
    to_spool(in, &in_flight);
    ingest_batch_done(&in_flight);
    if (!in->spool || !ingest_spool_is_adding(in->spool))
        to_spool(in, &in->gathering);
}

static void pump(void *arg)
{
    struct ingest *in = arg;
    in->is_pumping = false;
    if (ingest_store_can_take(in->store))
        send(in);
    loop_timer_clear(in->timeout);
    if (ingest_store_can_take(in->store))
        return;
    int64_t left_us = timeout_left_us(in);
    if (left_us > 0)
        loop_timer_set(in->timeout, left_us);
    else
        spill_waiting(in);
}

/* Requests that arrive in the same turn of the loop share the batch. */
static void pump_later(void *arg)
{
    struct ingest *in = arg;
    if (in->is_pumping)
        return;
    in->is_pumping = true;
    loop_defer(in->loop, pump, in);
}

static void answer_now(void *arg)
{
    struct ingest_request *request = arg;
    request->fn(request, request->err);
}

void ingest_send(struct ingest *in, struct ingest_request *request)
{
    bool is_full = in->gathering.count + request->count > in->options.queue_rows ||
                   in->gathering.bytes > QUEUE_BYTES;
    request->err = request->count > 0 && is_full ? ERR_BUSY : ERR_OK;
    request->waiting = request->count;
    in->full_rows = request->err ? in->gathering.count : 0;
    if (request->err || request->count == 0) {
        loop_defer(in->loop, answer_now, request);
        return;
    }
    for (size_t i = 0; i < request->count; i++)
        ingest_batch_add(&in->gathering, request, i);
    pump_later(in);
}

void ingest_refuse(struct ingest *in, int environment_id, enum refusal why,
                   const struct fault *fault, const json_t *event)
{
    ingest_refusals_add(in->refusals, environment_id, why, fault, event);
}

void ingest_refuse_named(struct ingest *in, int environment_id, enum refusal why,
                         const struct fault *fault, const char *name)
{
    ingest_refusals_add_named(in->refusals, environment_id, why, fault, name);
}

void ingest_leave(struct ingest *in, loop_fn *fn, void *arg)
{
    ingest_refusals_leave(in->refusals, fn, arg);
}

bool ingest_is_full(const struct ingest *in)
{
    return in->full_rows > 0 && in->gathering.count >= in->full_rows;
}

void ingest_on_up(struct ingest *in)
{
    ingest_store_on_up(in->store);
}

void ingest_on_down(struct ingest *in)
{
    ingest_store_on_down(in->store);
}

bool ingest_is_ready(const struct ingest *in)
{
    return ingest_store_is_ready(in->store) || (in->spool && ingest_spool_is_well(in->spool));
}

struct ingest *ingest_new(struct loop *l, const struct ingest_options *options)
{
    struct ingest *in = mem_zalloc(sizeof(*in));
    in->loop = l;
    in->options = *options;
    in->timeout = loop_timer_new(l, pump_later, in);
    in->refusals = ingest_refusals_new(l, options->pg);
    const struct ingest_store_options store = {.pg = options->pg,
                                               .refusals = in->refusals,
                                               .batch_rows = options->batch_rows,
                                               .on_free = pump_later,
                                               .on_left = on_left,
                                               .arg = in};
    in->store = ingest_store_new(l, &store);
    const struct ingest_spool_options spool = {.folder = options->spool_folder,
                                               .slot = options->slot,
                                               .slot_count = options->slot_count,
                                               .bytes_max = options->spool_bytes,
                                               .batch_rows = options->batch_rows,
                                               .pool = options->pool,
                                               .on_change = pump_later,
                                               .arg = in};
    if (options->spool_folder)
        in->spool = ingest_spool_new(l, &spool);
    return in;
}

void ingest_free(struct ingest *in)
{
    refuse(&in->gathering);
    ingest_store_free(in->store);
    ingest_spool_free(in->spool);
    ingest_refusals_free(in->refusals);
    loop_timer_free(in->timeout);
    mem_free(in);
}
