// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/snapshot_feed.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/snapshot_file.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

#define POLL_US (5 * SECOND_US)

struct snapshot_feed {
    struct pg *pg;
    struct aside *aside;
    struct loop_timer *timer;
    struct snapshot *current;
    uint64_t generation;
    int64_t refused_version; /* does not compile: not read again; 0: none */
    char *path;
    bool is_reading;
    bool is_stale; /* a newer one was announced while one was being read */
};

static void swap(struct snapshot_feed *f, struct snapshot *fresh)
{
    snapshot_free(f->current);
    f->current = fresh;
    f->generation++;
    counter_set(COUNTER_SNAPSHOT, (uint64_t)fresh->version);
}

/* A copy on its way to the disk. */
struct keeping {
    const char *path;
    int64_t version;
    char *document;
    enum err err;
    struct fault fault;
};

static void work_keep(void *arg)
{
    struct keeping *k = arg;
    k->err = snapshot_file_write(k->path, k->version, k->document, strlen(k->document), &k->fault);
}

static void on_kept(void *arg)
{
    struct keeping *k = arg;
    if (k->err)
        log_warn("snapshot not kept on disk: %s", k->fault.detail);
    mem_free(k->document);
    mem_free(k);
}

static void keep(struct snapshot_feed *f, int64_t version, const char *document)
{
    struct keeping *k = mem_zalloc(sizeof(*k));
    k->path = f->path;
    k->version = version;
    k->document = mem_strdup(document);
    aside_send(f->aside, work_keep, on_kept, k);
}

static void take(struct snapshot_feed *f, int64_t version, const char *document)
{
    auto_free char *text = mem_strdup(document);
    struct fault fault;
    struct snapshot *fresh = snapshot_compile(version, text, strlen(text), &fault);
    if (!fresh) {
        log_error("snapshot %lld not used: %s %s", (long long)version, fault.pointer, fault.detail);
        f->refused_version = version;
        return;
    }
    swap(f, fresh);
    f->refused_version = 0;
    log_info("snapshot %lld in use", (long long)version);
    if (f->path)
        keep(f, version, document);
}

static void read_newest(struct snapshot_feed *f);

/* Not "newer": a database that was restored may have gone back. */
static bool is_wanted(const struct snapshot_feed *f, int64_t version)
{
    return version != f->refused_version && (!f->current || f->current->version != version);
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct snapshot_feed *f = arg;
    f->is_reading = false;
    if (answer->result)
        counter_set(COUNTER_SNAPSHOT_ASKED, counter_now());
    if (!answer->result)
        log_warn("snapshot not read: %s", answer->fault->detail);
    else if (row_count(answer->result) > 0 && is_wanted(f, row_int(answer->result, 0, 0)))
        take(f, row_int(answer->result, 0, 0), row_text(answer->result, 0, 1));
    if (f->is_stale)
        read_newest(f);
}

static void read_newest(struct snapshot_feed *f)
{
    f->is_stale = f->is_reading;
    if (f->is_reading || !pg_is_up(f->pg))
        return;
    f->is_reading = true;
    pg_send(f->pg, QUERY_SNAPSHOT_READ, NULL, on_read, f);
}

static void on_version(void *arg, const struct pg_answer *answer)
{
    struct snapshot_feed *f = arg;
    if (!answer->result)
        return;
    if (is_wanted(f, row_int(answer->result, 0, 0)))
        read_newest(f);
    else
        counter_set(COUNTER_SNAPSHOT_ASKED, counter_now());
}

static void on_timer(void *arg)
{
    struct snapshot_feed *f = arg;
    loop_timer_set(f->timer, POLL_US);
    if (pg_is_up(f->pg))
        pg_send(f->pg, QUERY_SNAPSHOT_VERSION, NULL, on_version, f);
}

static void load_copy(struct snapshot_feed *f)
{
    struct fault fault;
    int64_t version;
    auto_free char *document = NULL;
    enum err e = snapshot_file_read(f->path, &version, &document, &fault);
    if (e == ERR_NOT_FOUND)
        return;
    struct snapshot *kept =
        e ? NULL : snapshot_compile(version, document, strlen(document), &fault);
    if (!kept) {
        log_warn("the kept snapshot is not used: %s", fault.detail);
        return;
    }
    swap(f, kept);
    log_info("snapshot %lld read from disk", (long long)version);
}

struct snapshot_feed *snapshot_feed_new(struct loop *l, struct pg *pg, struct aside *aside,
                                        const char *path)
{
    struct snapshot_feed *f = mem_zalloc(sizeof(*f));
    f->pg = pg;
    f->aside = aside;
    f->path = path ? mem_strdup(path) : NULL;
    f->timer = loop_timer_new(l, on_timer, f);
    loop_timer_set(f->timer, POLL_US);
    counter_set(COUNTER_SNAPSHOT_ASKED, counter_now());
    if (f->path)
        load_copy(f);
    return f;
}

void snapshot_feed_free(struct snapshot_feed *f)
{
    loop_timer_free(f->timer);
    snapshot_free(f->current);
    mem_free(f->path);
    mem_free(f);
}

const struct snapshot *snapshot_feed_current(const struct snapshot_feed *f)
{
    return f->current;
}

uint64_t snapshot_feed_generation(const struct snapshot_feed *f)
{
    return f->generation;
}

void snapshot_feed_on_up(struct snapshot_feed *f)
{
    f->is_reading = false;
    read_newest(f);
}

void snapshot_feed_on_notify(struct snapshot_feed *f)
{
    read_newest(f);
}
