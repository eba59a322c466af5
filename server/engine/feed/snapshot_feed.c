// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_feed.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/feed/snapshot_copy.h"
#include "engine/feed/snapshot_pack.h"
#include "engine/feed/snapshot_set.h"
#include "store/snapshot/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define POLL_US (5 * SECOND_US)

/* What is known of an environment that PostgreSQL has told of. */
struct news {
    int environment_id;
    int64_t refused_version; /* does not fit: not read again; 0: none */
    bool is_reading;         /* being asked for, or compiled */
    bool is_stale;           /* a newer one was announced meanwhile */
};

struct snapshot_feed {
    struct pg *pg; /* NULL: stopped */
    struct thread_pool *pool;
    struct loop_timer *timer;
    struct snapshot_set set;
    struct news *news;
    size_t news_count;
    uint64_t generation;
    struct snapshot_copy *copy; /* NULL: none is kept */
    bool is_ready;
    struct snapshot_waits waits;
};

/* A document on its way through the pool; 'compiled' or 'fault' comes back. */
struct compiling {
    struct snapshot_feed *feed;
    int environment_id;
    int64_t version;
    char *document;
    struct snapshot *compiled;
    struct fault fault;
};

static void read_newest(struct snapshot_feed *f, struct news *n);
static void settle_waits(struct snapshot_feed *f);

static struct news *find_news(struct snapshot_feed *f, int environment_id)
{
    for (size_t i = 0; i < f->news_count; i++)
        if (f->news[i].environment_id == environment_id)
            return &f->news[i];
    return NULL;
}

static struct news *take_news(struct snapshot_feed *f, int environment_id)
{
    struct news *known = find_news(f, environment_id);
    if (known)
        return known;
    f->news = mem_realloc(f->news, (f->news_count + 1) * sizeof(*f->news));
    f->news[f->news_count] = (struct news){.environment_id = environment_id};
    return &f->news[f->news_count++];
}

static void tell_counters(const struct snapshot_feed *f)
{
    counter_set(COUNTER_SNAPSHOT, (uint64_t)snapshot_set_version(&f->set));
    counter_set(COUNTER_SNAPSHOT_REFUSED, snapshot_feed_refused(f));
}

static void put(struct snapshot_feed *f, struct snapshot *fresh)
{
    snapshot_set_put(&f->set, fresh);
    f->generation++;
    tell_counters(f);
}

/* An environment that was archived. */
static void drop(struct snapshot_feed *f, int environment_id)
{
    struct news *gone = find_news(f, environment_id);
    if (gone)
        *gone = f->news[--f->news_count];
    if (snapshot_set_find(&f->set, environment_id)) {
        log_info("environment %d is gone", environment_id);
        snapshot_set_drop(&f->set, environment_id);
        f->generation++;
        if (f->copy)
            snapshot_copy_drop(f->copy, environment_id);
    }
    tell_counters(f);
}

static void look_whether_ready(struct snapshot_feed *f)
{
    for (size_t i = 0; i < f->news_count; i++)
        if (!snapshot_set_find(&f->set, f->news[i].environment_id) && !f->news[i].refused_version)
            return;
    f->is_ready = true;
}

static void work_compile(void *arg)
{
    struct compiling *c = arg;
    auto_free char *text = mem_strdup(c->document);
    c->compiled = snapshot_compile(c->version, text, strlen(text), &c->fault);
    if (c->compiled && c->compiled->environment_id != c->environment_id) {
        snapshot_unref(c->compiled);
        c->compiled = NULL;
        fault_set(&c->fault, ERR_INVALID, "/id", "is not the environment %d", c->environment_id);
    }
    if (c->compiled)
        snapshot_pack(c->compiled);
}

static void take(struct snapshot_feed *f, struct compiling *c)
{
    put(f, c->compiled);
    log_info("snapshot %" PRId64 " in use for environment %d", c->version, c->environment_id);
    if (f->copy)
        snapshot_copy_keep(f->copy, c->environment_id, c->version, c->document);
}

static void refuse(struct snapshot_feed *f, struct news *n, const struct compiling *c)
{
    n->refused_version = c->version;
    tell_counters(f);
    log_error("snapshot %" PRId64 " of environment %d not used: %s %s", c->version,
              c->environment_id, c->fault.pointer, c->fault.detail);
}

static void on_compiled(void *arg)
{
    struct compiling *c = arg;
    struct snapshot_feed *f = c->feed;
    struct news *n = find_news(f, c->environment_id);
    if (n && c->compiled) {
        n->refused_version = 0;
        take(f, c);
    } else if (n) {
        refuse(f, n, c);
    } else {
        snapshot_unref(c->compiled);
    }
    if (n) {
        n->is_reading = false;
        look_whether_ready(f);
        if (n->is_stale)
            read_newest(f, n);
        settle_waits(f);
    }
    mem_free(c->document);
    mem_free(c);
}

/* Not "newer": a database that was restored may have gone back. */
static bool is_wanted(const struct snapshot_feed *f, const struct news *n, int64_t version)
{
    const struct snapshot *current = snapshot_set_find(&f->set, n->environment_id);
    return version != n->refused_version && (!current || current->version != version);
}

struct asking {
    struct snapshot_feed *feed;
    int environment_id;
};

/* True: there is one to compile, which was sent on. */
static bool compile_answer(struct snapshot_feed *f, struct news *n, const PGresult *result)
{
    struct snapshot_document newest;
    if (!snapshot_read_document(result, &newest) || !is_wanted(f, n, newest.version))
        return false;
    struct compiling *c = mem_zalloc(sizeof(*c));
    c->feed = f;
    c->environment_id = n->environment_id;
    c->version = newest.version;
    c->document = mem_strdup(newest.document);
    thread_pool_send(f->pool, work_compile, on_compiled, c);
    return true;
}

static void on_read(void *arg, const struct pg_answer *answer)
{
    struct asking *asking = arg;
    struct snapshot_feed *f = asking->feed;
    struct news *n = find_news(f, asking->environment_id);
    mem_free(asking);
    if (!answer->result)
        log_warn("snapshot not read: %s", answer->fault->detail);
    if (!n || (answer->result && compile_answer(f, n, answer->result)))
        return;
    n->is_reading = false;
    if (n->is_stale)
        read_newest(f, n);
    settle_waits(f);
}

static void read_newest(struct snapshot_feed *f, struct news *n)
{
    n->is_stale = n->is_reading;
    if (n->is_reading || !f->pg || !pg_is_up(f->pg))
        return;
    n->is_reading = true;
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){f, n->environment_id};
    snapshot_send_read(f->pg, n->environment_id, on_read, asking);
}

static void hear(struct snapshot_feed *f, int environment_id, int64_t version)
{
    struct news *n = take_news(f, environment_id);
    if (n->is_reading || is_wanted(f, n, version))
        read_newest(f, n);
}

static bool is_listed(const PGresult *result, int environment_id)
{
    for (int row = 0; row < pg_row_count(result); row++) {
        struct snapshot_version listed;
        snapshot_read_version(result, row, &listed);
        if (listed.environment_id == environment_id)
            return true;
    }
    return false;
}

/* All that PostgreSQL does not tell of, backwards: drop moves the last one. */
static void drop_unlisted(struct snapshot_feed *f, const PGresult *result)
{
    for (size_t i = f->set.count; i-- > 0;)
        if (!is_listed(result, f->set.snapshots[i]->environment_id))
            drop(f, f->set.snapshots[i]->environment_id);
    for (size_t i = f->news_count; i-- > 0;)
        if (!is_listed(result, f->news[i].environment_id))
            drop(f, f->news[i].environment_id);
}

static void take_versions(struct snapshot_feed *f, const PGresult *result)
{
    counter_set(COUNTER_SNAPSHOT_ASKED, counter_now());
    drop_unlisted(f, result);
    for (int row = 0; row < pg_row_count(result); row++) {
        struct snapshot_version listed;
        snapshot_read_version(result, row, &listed);
        hear(f, (int)listed.environment_id, listed.version);
    }
    look_whether_ready(f);
}

static void on_versions(void *arg, const struct pg_answer *answer)
{
    struct snapshot_feed *f = arg;
    if (answer->result)
        take_versions(f, answer->result);
}

static void on_confirmed(void *arg, const struct pg_answer *answer);

static void begin_asking(struct snapshot_feed *f)
{
    if (f->pg && snapshot_waits_begin(&f->waits))
        snapshot_send_versions(f->pg, on_confirmed, f);
}

/* Who asked is answered when what the answer told of has been read. */
static void settle_waits(struct snapshot_feed *f)
{
    for (size_t i = 0; i < f->news_count; i++)
        if (f->news[i].is_reading)
            return;
    if (!snapshot_waits_is_due(&f->waits))
        return;
    snapshot_waits_end(&f->waits, snapshot_feed_refused(f) == 0);
    begin_asking(f);
}

static void on_confirmed(void *arg, const struct pg_answer *answer)
{
    struct snapshot_feed *f = arg;
    snapshot_waits_on_answer(&f->waits, answer->result != NULL);
    if (!answer->result)
        return;
    take_versions(f, answer->result);
    settle_waits(f);
    begin_asking(f);
}

void snapshot_feed_confirm(struct snapshot_feed *f, struct snapshot_wait *wait)
{
    snapshot_waits_add(&f->waits, wait);
    begin_asking(f);
}

static void ask_versions(struct snapshot_feed *f)
{
    if (f->pg && pg_is_up(f->pg))
        snapshot_send_versions(f->pg, on_versions, f);
}

static void on_timer(void *arg)
{
    struct snapshot_feed *f = arg;
    loop_timer_set(f->timer, POLL_US);
    ask_versions(f);
}

static void on_copy(void *arg, struct snapshot *kept)
{
    struct snapshot_feed *f = arg;
    log_info("snapshot %" PRId64 " read from disk", kept->version);
    put(f, kept);
    f->is_ready = true;
}

struct snapshot_feed *snapshot_feed_new(struct loop *l, struct pg *pg, struct thread_pool *pool,
                                        const char *path)
{
    struct snapshot_feed *f = mem_zalloc(sizeof(*f));
    f->pg = pg;
    f->pool = pool;
    f->timer = loop_timer_new(l, on_timer, f);
    snapshot_waits_init(&f->waits, l);
    loop_timer_set(f->timer, POLL_US);
    counter_set(COUNTER_SNAPSHOT_ASKED, counter_now());
    if (path) {
        f->copy = snapshot_copy_new(pool, path);
        snapshot_copy_read_all(f->copy, on_copy, f);
    }
    return f;
}

void snapshot_feed_stop(struct snapshot_feed *f)
{
    f->pg = NULL;
}

void snapshot_feed_free(struct snapshot_feed *f)
{
    loop_timer_free(f->timer);
    snapshot_waits_done(&f->waits);
    snapshot_set_done(&f->set);
    snapshot_copy_free(f->copy);
    mem_free(f->news);
    mem_free(f);
}

bool snapshot_feed_is_ready(const struct snapshot_feed *f)
{
    return f->is_ready;
}

const struct snapshot_key *snapshot_feed_find_key(const struct snapshot_feed *f,
                                                  const uint8_t sha256[32])
{
    return snapshot_set_find_key(&f->set, sha256);
}

int64_t snapshot_feed_version(const struct snapshot_feed *f)
{
    return snapshot_set_version(&f->set);
}

size_t snapshot_feed_refused(const struct snapshot_feed *f)
{
    size_t count = 0;
    for (size_t i = 0; i < f->news_count; i++)
        count += f->news[i].refused_version != 0;
    return count;
}

uint64_t snapshot_feed_generation(const struct snapshot_feed *f)
{
    return f->generation;
}

void snapshot_feed_on_up(struct snapshot_feed *f)
{
    ask_versions(f);
}

void snapshot_feed_on_notify(struct snapshot_feed *f, const char *payload)
{
    int environment_id;
    int64_t version;
    if (sscanf(payload, "%d %" SCNd64, &environment_id, &version) != 2)
        ask_versions(f);
    else if (version == 0)
        drop(f, environment_id);
    else
        hear(f, environment_id, version);
}
