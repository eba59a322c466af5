// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/ingest/ingest_record.h"
#include "engine/ingest/ingest_spool_private.h"

#define REST_US SECOND_US

static void rest(struct ingest_spool *sp)
{
    sp->is_resting = true;
    loop_timer_set(sp->rest_timer, REST_US);
}

void ingest_drain_on_rested(void *arg)
{
    struct ingest_spool *sp = arg;
    sp->is_resting = false;
    ingest_spool_task_tell(sp);
}

void ingest_drain_free(struct spool_drain *d)
{
    ingest_batch_done(&d->batch);
    arena_free(d->arena);
    mem_free(d);
}

static void end_drain(struct ingest_spool *sp)
{
    ingest_drain_free(sp->drain);
    sp->drain = NULL;
    sp->is_loaded = false;
    ingest_spool_task_tell(sp);
}

static void work_forget(void *arg)
{
    struct spool_drain *d = arg;
    spool_forget(d->task.source->spool, d->last_id);
    ingest_spool_task_leave(&d->task);
}

static void on_forgotten(void *arg)
{
    struct spool_drain *d = arg;
    ingest_spool_task_back(&d->task);
    end_drain(d->task.sp);
}

static void forget(struct spool_drain *d)
{
    d->task.source->cursor = d->last_id;
    thread_pool_send(d->task.sp->options.pool, work_forget, on_forgotten, d);
}

static void on_request_stored(struct ingest_request *request, enum err err)
{
    struct spool_drain *d = request->arg;
    struct ingest_spool *sp = d->task.sp;
    d->has_failed = d->has_failed || err;
    if (--d->waiting > 0)
        return;
    if (d->has_failed) {
        rest(sp);
        end_drain(sp);
    } else {
        counter_add(COUNTER_SPOOL_DRAINED, d->items);
        forget(d);
    }
}

static void add_runs(struct spool_drain *d, struct ingest_request *runs, size_t run_count)
{
    for (size_t i = 0; i < run_count; i++) {
        runs[i].fn = on_request_stored;
        runs[i].arg = d;
        runs[i].waiting = runs[i].count;
        for (size_t j = 0; j < runs[i].count; j++)
            ingest_batch_add(&d->batch, &runs[i], j);
    }
    d->waiting += run_count;
}

static bool on_record(void *arg, const struct spool_record *record)
{
    struct spool_drain *d = arg;
    size_t run_count, items = (size_t)record->items;
    bool is_full = d->items + items > d->task.sp->options.batch_rows ||
                   d->bytes + record->length > INGEST_BATCH_BYTES;
    if (d->items > 0 && is_full)
        return false;
    const char *copy = arena_strndup(d->arena, record->bytes, record->length);
    struct ingest_request *runs = ingest_record_read(d->arena, copy, record->length, &run_count);
    d->is_unreadable = !runs;
    if (!runs)
        return false;
    add_runs(d, runs, run_count);
    d->items += items;
    d->bytes += record->length;
    d->last_id = record->id;
    return true;
}

static void work_load(void *arg)
{
    struct spool_drain *d = arg;
    struct spool_task *t = &d->task;
    t->err = spool_open(t->source->spool, &t->fault);
    if (!t->err)
        t->err = spool_read(t->source->spool, d->last_id, on_record, d, &t->fault);
    ingest_spool_task_leave(t);
}

/* What was read before something failed is stored first; the next load fails at its beginning. */
static void on_loaded(void *arg)
{
    struct spool_drain *d = arg;
    struct ingest_spool *sp = d->task.sp;
    ingest_spool_task_back(&d->task);
    if (d->items > 0) {
        sp->is_loaded = true;
        ingest_spool_task_tell(sp);
    } else if (d->is_unreadable) {
        log_error("a spool of another version of this program is left alone");
        d->task.source->is_closed = true;
        end_drain(sp);
    } else if (d->task.err) {
        log_warn("the spool cannot be read: %s", d->task.fault.detail);
        rest(sp);
        end_drain(sp);
    } else {
        d->task.source->has_more = false;
        forget(d);
    }
}

static struct spool_source *next_source(struct ingest_spool *sp)
{
    for (size_t i = 0; i < sp->source_count; i++)
        if (sp->sources[i].has_more && !sp->sources[i].is_closed)
            return &sp->sources[i];
    return NULL;
}

static void load(struct ingest_spool *sp, struct spool_source *source)
{
    struct spool_drain *d = mem_zalloc(sizeof(*d));
    d->task.sp = sp;
    d->task.source = source;
    d->arena = arena_new(256 * 1024);
    d->last_id = source->cursor;
    sp->drain = d;
    thread_pool_send(sp->options.pool, work_load, on_loaded, d);
}

struct ingest_batch *ingest_spool_next(struct ingest_spool *sp)
{
    struct spool_source *source = sp->drain || sp->is_resting ? NULL : next_source(sp);
    if (source)
        load(sp, source);
    return sp->is_loaded && sp->drain->batch.count > 0 ? &sp->drain->batch : NULL;
}

void ingest_spool_put_off(struct ingest_spool *sp)
{
    struct ingest_batch rows = sp->drain->batch;
    sp->drain->batch = (struct ingest_batch){0};
    for (size_t i = 0; i < rows.count; i++)
        ingest_row_finish(&rows.rows[i], INGEST_WAITING, ERR_UNAVAILABLE);
    ingest_batch_done(&rows);
}
