// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/ingest_batch.h"
#include "io/row.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

#define TRIES_MAX   8
#define BATCH_BYTES (16u * 1024 * 1024) /* of one statement: far below what PostgreSQL takes */

struct ingest {
    struct loop *loop;
    struct pg *pg;
    struct ingest_limits limits;
    struct loop_timer *lease_timer;
    bool has_writer;
    int writer;
    int64_t seq; /* the last one used */
    struct ingest_batch gathering;
    struct ingest_batch batch;
    bool is_flushing; /* a batch is in flight, or about to be */
    int tries;
    int64_t sent_us;         /* the try in flight */
    size_t partition_rounds; /* in which partitions were made for this part of the batch */
};

static void flush_later(struct ingest *in);
static void send_part(struct ingest *in);

static void finish_row(struct ingest_row *row, enum ingest_fate fate, enum err err)
{
    struct ingest_request *request = row->request;
    request->fates[row->index] = fate;
    if (err)
        request->err = err;
    if (--request->waiting == 0)
        request->fn(request, request->err);
}

/* The batch is over: the next one, if rows have gathered. */
static void finish_batch(struct ingest *in)
{
    ingest_batch_clear(&in->batch);
    in->is_flushing = false;
    if (in->gathering.count > 0)
        flush_later(in);
}

static void next_part(struct ingest *in)
{
    in->tries = 0;
    in->partition_rounds = 0;
    if (ingest_batch_has_part(&in->batch))
        send_part(in);
    else
        finish_batch(in);
}

/* Nothing is known of the rest of the batch: its senders try again. */
static void give_up(struct ingest *in, enum err err)
{
    struct ingest_part part;
    counter_add(COUNTER_COMMITS_FAILED, 1);
    while (ingest_batch_pop(&in->batch, &part))
        for (size_t i = part.from; i < part.to; i++)
            finish_row(&in->batch.rows[i], INGEST_WAITING, err);
    finish_batch(in);
}

static void on_stored(struct ingest *in, const PGresult *result)
{
    struct ingest_part part;
    must(ingest_batch_pop(&in->batch, &part));
    counter_observe(HISTOGRAM_COMMIT, (uint64_t)(clock_mono_us() - in->sent_us));
    counter_observe(HISTOGRAM_BATCH, part.to - part.from);
    for (size_t i = part.from; i < part.to; i++)
        in->batch.rows[i].is_new = false;
    for (int i = 0; i < row_count(result); i++) {
        int64_t place = row_int(result, i, 0) - part.seq - 1;
        must(place >= 0 && (size_t)place < part.to - part.from);
        in->batch.rows[part.from + (size_t)place].is_new = true;
    }
    for (size_t i = part.from; i < part.to; i++)
        finish_row(&in->batch.rows[i],
                   in->batch.rows[i].is_new ? INGEST_ACCEPTED : INGEST_DUPLICATE, ERR_OK);
    next_part(in);
}

static void on_culprit_kept(void *arg, const struct pg_answer *answer)
{
    struct ingest *in = arg;
    struct ingest_part part;
    if (!answer->result && answer->sqlstate[0] == '\0') {
        give_up(in, ERR_UNAVAILABLE);
        return;
    }
    if (!answer->result)
        log_error("a refused event could not be kept: %s", answer->fault->detail);
    must(ingest_batch_pop(&in->batch, &part));
    finish_row(&in->batch.rows[part.from], INGEST_REFUSED, ERR_OK);
    next_part(in);
}

/* What PostgreSQL said names tables: it is kept for those who may see them. */
static void keep_culprit(struct ingest *in, struct ingest_row *row, const char *why)
{
    struct ingest_request *request = row->request;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    request->refusals[row->index] =
        "the database refused this event; its rule is named in the list of rejected events";
    pg_param_int(&params, request->environment_id);
    pg_param_text(&params, why);
    pg_param_text(&params, ingest_row_text(row, arena));
    pg_send(in->pg, QUERY_EVENT_REJECT, &params, on_culprit_kept, in);
}

static void make_partitions(struct ingest *in);

/* Some are made at a time, until none is missing. */
static void on_partitions(void *arg, const struct pg_answer *answer)
{
    struct ingest *in = arg;
    const struct ingest_part *part = ingest_batch_part(&in->batch);
    if (!answer->result) {
        log_warn("partitions could not be made: %s", answer->fault->detail);
        give_up(in, ERR_UNAVAILABLE);
    } else if (row_count(answer->result) > 0 && in->partition_rounds < part->to - part->from) {
        make_partitions(in);
    } else {
        send_part(in);
    }
}

static void make_partitions(struct ingest *in)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    in->partition_rounds++;
    ingest_batch_days(&in->batch, ingest_batch_part(&in->batch), &params);
    pg_send(in->pg, QUERY_EVENT_PARTITIONS, &params, on_partitions, in);
}

static void on_refused(struct ingest *in, const struct pg_answer *answer)
{
    const struct ingest_part *part = ingest_batch_part(&in->batch);
    const char *state = answer->sqlstate;
    bool is_transient = strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
    bool is_data = strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
    if (is_transient && in->tries < TRIES_MAX) {
        send_part(in);
    } else if (strcmp(state, "23514") == 0 && !*answer->constraint && in->partition_rounds == 0) {
        /* A row without partition: a check without a name. */
        make_partitions(in);
    } else if (is_data && part->to - part->from > 1) {
        ingest_batch_halve(&in->batch);
        next_part(in);
    } else if (is_data) {
        keep_culprit(in, &in->batch.rows[part->from], answer->fault->detail);
    } else {
        log_warn("a batch of %zu events was not stored: %s %s", part->to - part->from, state,
                 answer->fault->detail);
        give_up(in, ERR_UNAVAILABLE);
    }
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct ingest *in = arg;
    if (answer->result)
        on_stored(in, answer->result);
    else if (answer->sqlstate[0] == '\0')
        give_up(in, ERR_UNAVAILABLE);
    else
        on_refused(in, answer);
}

/* A part keeps its seqs over all its tries; a part of a part takes new ones, which are higher. */
static void send_part(struct ingest *in)
{
    struct ingest_part *part = ingest_batch_part(&in->batch);
    if (part->seq < 0) {
        part->seq = in->seq;
        in->seq += (int64_t)(part->to - part->from);
    }
    in->tries++;
    in->sent_us = clock_mono_us();
    auto_arena struct arena *arena = arena_new(64 * 1024);
    struct pg_params params = {.arena = arena};
    ingest_batch_params(&in->batch, part, &params);
    pg_param_int(&params, in->writer);
    pg_param_int(&params, part->seq);
    pg_send(in->pg, QUERY_EVENT_INSERT, &params, on_answer, in);
}

static void flush(void *arg)
{
    struct ingest *in = arg;
    ingest_batch_take(&in->batch, &in->gathering, in->limits.batch_rows, BATCH_BYTES);
    if (!in->has_writer)
        give_up(in, ERR_UNAVAILABLE);
    else
        next_part(in);
}

/* Requests that arrive in the same turn of the loop share the batch. */
static void flush_later(struct ingest *in)
{
    in->is_flushing = true;
    loop_defer(in->loop, flush, in);
}

static void answer_now(void *arg)
{
    struct ingest_request *request = arg;
    request->fn(request, request->err);
}

void ingest_send(struct ingest *in, struct ingest_request *request)
{
    bool is_full = in->gathering.count + request->count > in->limits.queue_rows;
    request->err = request->count == 0 ? ERR_OK
                   : !in->has_writer   ? ERR_UNAVAILABLE
                   : is_full           ? ERR_BUSY
                                       : ERR_OK;
    request->waiting = request->count;
    if (request->err || request->count == 0) {
        loop_defer(in->loop, answer_now, request);
        return;
    }
    for (size_t i = 0; i < request->count; i++)
        ingest_batch_add(&in->gathering, request, i);
    if (!in->is_flushing)
        flush_later(in);
}

static void on_lease(void *arg, const struct pg_answer *answer)
{
    struct ingest *in = arg;
    if (!answer->result) {
        log_warn("no writer leased: %s", answer->fault->detail);
        loop_timer_set(in->lease_timer, SECOND_US);
        return;
    }
    in->writer = (int)row_int(answer->result, 0, 0);
    in->seq = row_int(answer->result, 0, 1);
    in->has_writer = true;
    log_info("writing events as writer %d from %lld", in->writer, (long long)in->seq);
}

static void lease(void *arg)
{
    struct ingest *in = arg;
    if (pg_is_up(in->pg) && !in->has_writer)
        pg_send(in->pg, QUERY_WRITER_LEASE, NULL, on_lease, in);
}

void ingest_on_up(struct ingest *in)
{
    lease(in);
}

/* The lease ended with the session. */
void ingest_on_down(struct ingest *in)
{
    in->has_writer = false;
    loop_timer_clear(in->lease_timer);
}

bool ingest_is_ready(const struct ingest *in)
{
    return in->has_writer && pg_is_up(in->pg);
}

struct ingest *ingest_new(struct loop *l, struct pg *pg, const struct ingest_limits *limits)
{
    struct ingest *in = mem_zalloc(sizeof(*in));
    in->loop = l;
    in->pg = pg;
    in->limits = *limits;
    in->lease_timer = loop_timer_new(l, lease, in);
    return in;
}

/* The connection is closed already, so that no batch is in flight any more. */
void ingest_free(struct ingest *in)
{
    loop_timer_free(in->lease_timer);
    for (size_t i = 0; i < in->gathering.count; i++)
        finish_row(&in->gathering.rows[i], INGEST_WAITING, ERR_UNAVAILABLE);
    ingest_batch_done(&in->gathering);
    ingest_batch_done(&in->batch);
    mem_free(in);
}
