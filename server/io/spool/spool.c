// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/spool/spool.h"

#include "base/mem.h"
#include "io/spool/spool_private.h"

enum err spool_append(struct spool *s, const struct spool_record *record, struct fault *ret_fault)
{
    if (!s->db) {
        enum err e = spool_file_open(s, ret_fault);
        if (e)
            return e;
    }
    struct spool_record r = *record;
    r.id = s->last_id + 1;
    int code = spool_record_insert(s, &r);
    return code ? spool_file_failed(s, code, ret_fault) : ERR_OK;
}

enum err spool_read(struct spool *s, int64_t after, spool_fn *fn, void *arg,
                    struct fault *ret_fault)
{
    if (!s->db)
        return ERR_OK;
    struct spool_record r;
    int code;
    sqlite3_bind_int64(s->select, 1, after);
    while ((code = sqlite3_step(s->select)) == SQLITE_ROW) {
        if (!spool_record_read(s->select, &r)) {
            code = SQLITE_CORRUPT;
            break;
        }
        if (!fn(arg, &r))
            break;
    }
    sqlite3_reset(s->select);
    return code == SQLITE_DONE || code == SQLITE_ROW ? ERR_OK
                                                     : spool_file_failed(s, code, ret_fault);
}

/* Is there a record after this one? When that cannot be read, there may be. */
static bool has_more(struct spool *s, int64_t after, int64_t *ret_at_us)
{
    sqlite3_bind_int64(s->select, 1, after);
    int code = sqlite3_step(s->select);
    if (code == SQLITE_ROW)
        *ret_at_us = sqlite3_column_int64(s->select, 1);
    sqlite3_reset(s->select);
    return code != SQLITE_DONE;
}

void spool_forget(struct spool *s, int64_t up_to)
{
    int64_t oldest_us = s->state.oldest_us;
    if (!s->db)
        return;
    if (!has_more(s, up_to, &oldest_us)) {
        spool_file_remove(s);
        return;
    }
    struct spool_state gone = {0};
    sqlite3_bind_int64(s->forget, 1, up_to);
    while (sqlite3_step(s->forget) == SQLITE_ROW) {
        gone.records++;
        gone.items += sqlite3_column_int64(s->forget, 0);
        gone.bytes += sqlite3_column_int64(s->forget, 1);
    }
    if (sqlite3_reset(s->forget))
        return;
    s->state = (struct spool_state){.records = s->state.records - gone.records,
                                    .items = s->state.items - gone.items,
                                    .bytes = s->state.bytes - gone.bytes,
                                    .oldest_us = oldest_us};
}

struct spool_state spool_state(const struct spool *s)
{
    return s->state;
}

const char *spool_take_news(struct spool *s)
{
    bool has_news = s->has_news;
    s->has_news = false;
    return has_news ? s->news : NULL;
}

bool spool_has_file(const struct spool *s)
{
    return spool_file_is_there(s);
}

enum err spool_open(struct spool *s, struct fault *ret_fault)
{
    return s->db || !spool_file_is_there(s) ? ERR_OK : spool_file_open(s, ret_fault);
}

struct spool *spool_new(const char *path, int64_t bytes_max)
{
    struct spool *s = mem_zalloc(sizeof(*s));
    spool_file_init(s, path, bytes_max);
    return s;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    spool_file_done(s);
    mem_free(s);
}
