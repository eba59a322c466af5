// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/spool.h"

#include "base/mem.h"
#include "base/text.h"
#include "io/spool_private.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define SUM_BYTES 16

static void sum_of(const struct spool_record *r, uint8_t out[SUM_BYTES])
{
    const int64_t head[] = {r->id, r->at_us, r->items};
    crypto_generichash_state state;
    must(crypto_generichash_init(&state, NULL, 0, SUM_BYTES) == 0);
    crypto_generichash_update(&state, (const uint8_t *)head, sizeof(head));
    crypto_generichash_update(&state, r->bytes, r->length);
    crypto_generichash_final(&state, out, SUM_BYTES);
}

bool spool_row(sqlite3_stmt *row, struct spool_record *ret)
{
    uint8_t sum[SUM_BYTES];
    const struct spool_record r = {
        .id = sqlite3_column_int64(row, 0),
        .at_us = sqlite3_column_int64(row, 1),
        .items = sqlite3_column_int64(row, 2),
        .bytes = sqlite3_column_blob(row, 4),
        .length = (size_t)sqlite3_column_bytes(row, 4),
    };
    const void *kept = sqlite3_column_blob(row, 3);
    if (!kept || !r.bytes || sqlite3_column_bytes(row, 3) != SUM_BYTES)
        return false;
    sum_of(&r, sum);
    *ret = r;
    return memcmp(sum, kept, SUM_BYTES) == 0;
}

int spool_insert(struct spool *s, const struct spool_record *r)
{
    uint8_t sum[SUM_BYTES];
    sum_of(r, sum);
    sqlite3_bind_int64(s->insert, 1, r->id);
    sqlite3_bind_int64(s->insert, 2, r->at_us);
    sqlite3_bind_int64(s->insert, 3, r->items);
    sqlite3_bind_blob(s->insert, 4, sum, SUM_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob64(s->insert, 5, r->bytes, r->length, SQLITE_STATIC);
    sqlite3_step(s->insert);
    int code = sqlite3_reset(s->insert);
    sqlite3_clear_bindings(s->insert);
    if (code)
        return code;
    if (s->state.records++ == 0)
        s->state.oldest_us = r->at_us;
    s->state.items += r->items;
    s->state.bytes += (int64_t)r->length;
    s->last_id = r->id > s->last_id ? r->id : s->last_id;
    return SQLITE_OK;
}

int spool_count(struct spool *s)
{
    sqlite3_stmt *row;
    int code = sqlite3_prepare_v2(s->db,
                                  "select count(*), coalesce(sum(items), 0),"
                                  " coalesce(sum(length(body)), 0), coalesce(max(id), 0),"
                                  " coalesce((select at_us from record order by id limit 1), 0)"
                                  " from record",
                                  -1, &row, NULL);
    if (!code && sqlite3_step(row) == SQLITE_ROW) {
        int64_t last_id = sqlite3_column_int64(row, 3);
        s->state = (struct spool_state){.records = sqlite3_column_int64(row, 0),
                                        .items = sqlite3_column_int64(row, 1),
                                        .bytes = sqlite3_column_int64(row, 2),
                                        .oldest_us = sqlite3_column_int64(row, 4)};
        s->last_id = last_id > s->last_id ? last_id : s->last_id;
    }
    return code ? code : sqlite3_finalize(row);
}

enum err spool_append(struct spool *s, const struct spool_record *record, struct fault *ret_fault)
{
    if (!s->db) {
        enum err e = spool_file_open(s, ret_fault);
        if (e)
            return e;
    }
    struct spool_record r = *record;
    r.id = s->last_id + 1;
    int code = spool_insert(s, &r);
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
        if (!spool_row(s->select, &r)) {
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
    return access(s->path, F_OK) == 0;
}

enum err spool_open(struct spool *s, struct fault *ret_fault)
{
    return s->db || !spool_has_file(s) ? ERR_OK : spool_file_open(s, ret_fault);
}

struct spool *spool_new(const char *path, int64_t bytes_max)
{
    struct spool *s = mem_zalloc(sizeof(*s));
    auto_buf struct buf log_path = {0};
    buf_printf(&log_path, "%s-wal", path);
    s->path = mem_strdup(path);
    s->log_path = mem_strdup(log_path.data);
    s->bytes_max = bytes_max;
    return s;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    spool_file_close(s);
    mem_free(s->path);
    mem_free(s->log_path);
    mem_free(s);
}
