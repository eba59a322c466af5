// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_spool.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/ingest/ingest_record.h"
#include "engine/ingest/ingest_spool_private.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

struct addition {
    struct spool_task task;
    struct ingest_batch rows;
    struct buf bytes;
    int64_t at_us;
};

static void work_open(void *arg)
{
    struct spool_task *t = arg;
    t->err = spool_open(t->source->spool, &t->fault);
    ingest_spool_task_leave(t);
}

static void on_opened(void *arg)
{
    struct spool_task *t = arg;
    ingest_spool_task_back(t);
    if (t->err)
        log_warn("the spool cannot be opened: %s", t->fault.detail);
    else
        log_info("the spool holds %lld events", (long long)t->state.items);
    mem_free(t);
}

static void open_file(struct ingest_spool *sp, struct spool_source *source)
{
    struct spool_task *t = mem_zalloc(sizeof(*t));
    t->sp = sp;
    t->source = source;
    thread_pool_send(sp->options.pool, work_open, on_opened, t);
}

static void work_add(void *arg)
{
    struct addition *a = arg;
    struct spool_task *t = &a->task;
    const struct spool_record record = {.at_us = a->at_us,
                                        .items = (int64_t)a->rows.count,
                                        .bytes = a->bytes.data,
                                        .length = a->bytes.length};
    t->err = spool_append(t->source->spool, &record, &t->fault);
    ingest_spool_task_leave(t);
}

static void on_added(void *arg)
{
    struct addition *a = arg;
    struct ingest_spool *sp = a->task.sp;
    enum err err = a->task.err;
    ingest_spool_task_back(&a->task);
    if (err && sp->is_well)
        log_error("the spool takes no events: %s", a->task.fault.detail);
    else if (!err && !sp->is_well)
        log_info("the spool takes events again");
    sp->is_well = !err;
    ingest_spool_task_count(sp);
    counter_add(COUNTER_SPOOL_EVENTS, err ? 0 : a->rows.count);
    sp->adding--;
    /* Also after a failure: whether the record is there is unknown then. */
    a->task.source->has_more = true;
    for (size_t i = 0; i < a->rows.count; i++)
        ingest_row_finish(&a->rows.rows[i], err ? INGEST_WAITING : INGEST_ACCEPTED,
                          err ? ERR_UNAVAILABLE : ERR_OK);
    ingest_batch_done(&a->rows);
    buf_done(&a->bytes);
    mem_free(a);
    ingest_spool_task_tell(sp);
}

void ingest_spool_add(struct ingest_spool *sp, struct ingest_batch *rows)
{
    while (rows->count > 0) {
        struct addition *a = mem_zalloc(sizeof(*a));
        a->task.sp = sp;
        a->task.source = &sp->sources[0];
        ingest_batch_take(&a->rows, rows, sp->options.batch_rows, INGEST_BATCH_BYTES);
        for (size_t i = 0; i < a->rows.count; i++)
            ingest_record_add(&a->bytes, &a->rows.rows[i]);
        a->at_us = clock_wall_us();
        sp->adding++;
        thread_pool_send(sp->options.pool, work_add, on_added, a);
    }
}

bool ingest_spool_is_adding(const struct ingest_spool *sp)
{
    return sp->adding > 0;
}

bool ingest_spool_is_well(const struct ingest_spool *sp)
{
    return sp->is_well;
}

static void add_source(struct ingest_spool *sp, int slot)
{
    auto_buf struct buf path = {0};
    buf_printf(&path, "%s/spool-%d.db", sp->options.folder, slot);
    sp->sources = mem_realloc(sp->sources, (sp->source_count + 1) * sizeof(*sp->sources));
    struct spool_source *source = &sp->sources[sp->source_count++];
    *source = (struct spool_source){.spool = spool_new(path.data, sp->options.bytes_max)};
    source->has_more = spool_has_file(source->spool);
}

/* What a slot left behind that there is no more. */
static void find_orphans(struct ingest_spool *sp)
{
    DIR *folder = opendir(sp->options.folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        int slot, end = 0;
        if (sscanf(entry->d_name, "spool-%d.db%n", &slot, &end) == 1 && end > 0 &&
            entry->d_name[end] == '\0' && slot >= sp->options.slot_count)
            add_source(sp, slot);
    }
    if (folder)
        closedir(folder);
}

struct ingest_spool *ingest_spool_new(struct loop *l, const struct ingest_spool_options *options)
{
    struct ingest_spool *sp = mem_zalloc(sizeof(*sp));
    sp->options = *options;
    sp->is_well = true;
    sp->rest_timer = loop_timer_new(l, ingest_drain_on_rested, sp);
    add_source(sp, options->slot);
    if (options->slot == 0)
        find_orphans(sp);
    for (size_t i = 0; i < sp->source_count; i++)
        if (sp->sources[i].has_more)
            open_file(sp, &sp->sources[i]);
    return sp;
}

void ingest_spool_free(struct ingest_spool *sp)
{
    if (!sp)
        return;
    if (sp->drain)
        ingest_drain_free(sp->drain);
    loop_timer_free(sp->rest_timer);
    for (size_t i = 0; i < sp->source_count; i++)
        spool_free(sp->sources[i].spool);
    mem_free(sp->sources);
    mem_free(sp);
}
