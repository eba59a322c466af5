// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_store.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "store/event/rejected_event.h"
#include "store/event/writer.h"

#include <string.h>

#define TRIES_MAX 8

struct ingest_store {
    struct ingest_store_options options;
    struct loop_timer *lease_timer;
    bool has_writer;
    int writer;
    int64_t seq; /* the last one used */
    int slices;
    struct ingest_batch batch;
    bool is_busy; /* a statement is in flight; without a part: for a batch that was withdrawn */
    int64_t stalled_us; /* when the statement in flight was sent, or the writer was lost */
    int tries;
    size_t partition_rounds; /* in which partitions were made for this part of the batch */
};

static void send_part(struct ingest_store *st);

static void finish_batch(struct ingest_store *st)
{
    ingest_batch_clear(&st->batch);
    st->is_busy = false;
    st->options.on_free(st->options.arg);
}

static void next_part(struct ingest_store *st)
{
    st->tries = 0;
    st->partition_rounds = 0;
    if (ingest_batch_has_part(&st->batch))
        send_part(st);
    else
        finish_batch(st);
}

void ingest_store_withdraw(struct ingest_store *st, struct ingest_batch *ret)
{
    struct ingest_part part;
    while (ingest_batch_pop(&st->batch, &part))
        for (size_t i = part.from; i < part.to; i++)
            ingest_batch_add(ret, st->batch.rows[i].request, st->batch.rows[i].index);
}

static void give_up(struct ingest_store *st, bool is_lost)
{
    struct ingest_batch rest = {0};
    counter_add(COUNTER_COMMITS_FAILED, 1);
    ingest_store_withdraw(st, &rest);
    st->stalled_us = clock_mono_us();
    st->options.on_left(st->options.arg, &rest, is_lost);
    ingest_batch_done(&rest);
    finish_batch(st);
}

/* Was the batch withdrawn while the statement was on its way? Then all is over with its answer. */
static bool is_withdrawn(struct ingest_store *st)
{
    if (ingest_batch_has_part(&st->batch))
        return false;
    finish_batch(st);
    return true;
}

static bool is_lost(const struct pg_answer *answer)
{
    return !answer->result && answer->sqlstate[0] == '\0';
}

static void on_stored(struct ingest_store *st, const PGresult *result)
{
    struct ingest_part part;
    must(ingest_batch_pop(&st->batch, &part));
    counter_observe(HISTOGRAM_COMMIT, (uint64_t)(clock_mono_us() - st->stalled_us));
    counter_observe(HISTOGRAM_BATCH, part.to - part.from);
    for (size_t i = part.from; i < part.to; i++)
        st->batch.rows[i].is_new = false;
    for (int i = 0; i < pg_row_count(result); i++) {
        int64_t index = visitor_event_read_stored(result, i) - part.seq - 1;
        must(index >= 0 && (size_t)index < part.to - part.from);
        st->batch.rows[part.from + (size_t)index].is_new = true;
    }
    for (size_t i = part.from; i < part.to; i++)
        ingest_row_finish(&st->batch.rows[i],
                          st->batch.rows[i].is_new ? INGEST_ACCEPTED : INGEST_DUPLICATE, ERR_OK);
    next_part(st);
}

static void finish_culprit(struct ingest_store *st)
{
    struct ingest_part part;
    must(ingest_batch_pop(&st->batch, &part));
    ingest_row_finish(&st->batch.rows[part.from], INGEST_REFUSED, ERR_OK);
    next_part(st);
}

static void on_culprit_kept(void *arg, const struct pg_answer *answer)
{
    struct ingest_store *st = arg;
    if (is_withdrawn(st))
        return;
    if (is_lost(answer)) {
        give_up(st, true);
        return;
    }
    if (!answer->result)
        log_error("a refused event could not be kept: %s", answer->fault->detail);
    finish_culprit(st);
}

/* What PostgreSQL said names tables: it is kept for those who may see them. */
static void keep_culprit(struct ingest_store *st, struct ingest_row *row, const char *why)
{
    struct ingest_request *request = row->request;
    const struct visitor_event *event = &request->events[row->index];
    auto_arena struct arena *arena = arena_new(0);
    const char *name = ingest_refusals_text(arena, event->name);
    ingest_refusals_count(st->options.refusals, request->environment_id, REFUSAL_DATABASE, name);
    bool is_kept = ingest_refusals_admit(st->options.refusals, request->environment_id, why);
    request->refusals[row->index] =
        "the database refused this event; its rule is named in the list of rejected events";
    if (!is_kept) {
        finish_culprit(st);
        return;
    }
    const struct rejected_event rejected = {
        .environment_id = request->environment_id,
        .reason = refusal_keys[REFUSAL_DATABASE],
        .name = name,
        .visitor_id = ingest_refusals_text(arena, event->visitor_id),
        .detail = ingest_refusals_text(arena, why),
        .event = ingest_refusals_text(arena, ingest_row_text(row, arena))};
    st->stalled_us = clock_mono_us();
    rejected_event_send(st->options.pg, &rejected, 1, on_culprit_kept, st);
}

static void make_partitions(struct ingest_store *st);

/* Some are made at a time, until none is missing. */
static void on_partitions(void *arg, const struct pg_answer *answer)
{
    struct ingest_store *st = arg;
    if (is_withdrawn(st))
        return;
    const struct ingest_part *part = ingest_batch_part(&st->batch);
    if (!answer->result) {
        log_warn("partitions could not be made: %s", answer->fault->detail);
        give_up(st, is_lost(answer));
    } else if (pg_row_count(answer->result) > 0 && st->partition_rounds < part->to - part->from) {
        make_partitions(st);
    } else {
        send_part(st);
    }
}

static void make_partitions(struct ingest_store *st)
{
    auto_arena struct arena *arena = arena_new(0);
    size_t count;
    const int32_t *days =
        ingest_batch_days(&st->batch, ingest_batch_part(&st->batch), arena, &count);
    st->partition_rounds++;
    st->stalled_us = clock_mono_us();
    visitor_event_send_partitions(st->options.pg, days, count, on_partitions, st);
}

/* Is the reason in the rows? Data that is wrong, a rule it breaks, a size no index takes. */
static bool is_of_data(const char *sqlstate)
{
    return strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0 ||
           strncmp(sqlstate, "54", 2) == 0;
}

static void on_refused(struct ingest_store *st, const struct pg_answer *answer)
{
    const struct ingest_part *part = ingest_batch_part(&st->batch);
    const char *state = answer->sqlstate;
    bool is_transient = strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0;
    if (is_transient && st->tries < TRIES_MAX) {
        send_part(st);
    } else if (strcmp(state, "23514") == 0 && !*answer->constraint && st->partition_rounds == 0) {
        /* A row without partition: a check without a name. */
        make_partitions(st);
    } else if (is_of_data(state) && part->to - part->from > 1) {
        ingest_batch_halve(&st->batch);
        next_part(st);
    } else if (is_of_data(state)) {
        keep_culprit(st, &st->batch.rows[part->from], answer->fault->detail);
    } else {
        log_warn("a batch of %zu events was not stored: %s %s", part->to - part->from, state,
                 answer->fault->detail);
        give_up(st, false);
    }
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct ingest_store *st = arg;
    if (is_withdrawn(st))
        return;
    if (answer->result)
        on_stored(st, answer->result);
    else if (is_lost(answer))
        give_up(st, true);
    else
        on_refused(st, answer);
}

/* A part keeps its seqs over all its tries; a part of a part takes new ones, which are higher. */
static void send_part(struct ingest_store *st)
{
    struct ingest_part *part = ingest_batch_part(&st->batch);
    if (part->seq < 0) {
        part->seq = st->seq;
        st->seq += (int64_t)(part->to - part->from);
    }
    st->tries++;
    auto_arena struct arena *arena = arena_new(64 * 1024);
    struct visitor_event_rows *rows = ingest_batch_rows(&st->batch, part, st->slices, arena);
    st->stalled_us = clock_mono_us();
    visitor_event_send_insert(st->options.pg, rows, st->writer, part->seq, on_answer, st);
}

void ingest_store_send(struct ingest_store *st, struct ingest_batch *from)
{
    must(ingest_store_can_take(st));
    ingest_batch_take(&st->batch, from, st->options.batch_rows, INGEST_BATCH_BYTES);
    st->is_busy = true;
    next_part(st);
}

static void on_lease(void *arg, const struct pg_answer *answer)
{
    struct ingest_store *st = arg;
    if (!answer->result) {
        log_warn("no writer leased: %s", answer->fault->detail);
        loop_timer_set(st->lease_timer, SECOND_US);
        return;
    }
    struct writer_row leased;
    writer_read_lease(answer->result, &leased);
    st->writer = (int)leased.writer;
    st->seq = leased.seq;
    st->slices = (int)leased.slices;
    must(st->slices > 0);
    st->has_writer = true;
    ingest_refusals_set_writer(st->options.refusals, st->writer);
    log_info("writing events as writer %d from %lld", st->writer, (long long)st->seq);
    st->options.on_free(st->options.arg);
}

static void lease(void *arg)
{
    struct ingest_store *st = arg;
    if (pg_is_up(st->options.pg) && !st->has_writer)
        writer_send_lease(st->options.pg, on_lease, st);
}

void ingest_store_on_up(struct ingest_store *st)
{
    lease(st);
}

/* The lease ended with the session. */
void ingest_store_on_down(struct ingest_store *st)
{
    if (st->has_writer)
        st->stalled_us = clock_mono_us();
    st->has_writer = false;
    ingest_refusals_set_writer(st->options.refusals, -1);
    loop_timer_clear(st->lease_timer);
}

bool ingest_store_is_ready(const struct ingest_store *st)
{
    return st->has_writer && pg_is_up(st->options.pg);
}

bool ingest_store_can_take(const struct ingest_store *st)
{
    return !st->is_busy && ingest_store_is_ready(st);
}

int64_t ingest_store_stalled_us(const struct ingest_store *st)
{
    return st->stalled_us;
}

struct ingest_store *ingest_store_new(struct loop *l, const struct ingest_store_options *options)
{
    struct ingest_store *st = mem_zalloc(sizeof(*st));
    st->options = *options;
    st->stalled_us = clock_mono_us();
    st->lease_timer = loop_timer_new(l, lease, st);
    return st;
}

void ingest_store_free(struct ingest_store *st)
{
    loop_timer_free(st->lease_timer);
    ingest_batch_done(&st->batch);
    mem_free(st);
}
