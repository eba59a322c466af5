// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"
#include "io/spool/spool_private.h"

#include <sodium.h>
#include <string.h>

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

bool spool_record_read(sqlite3_stmt *row, struct spool_record *ret)
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

int spool_record_insert(struct spool *s, const struct spool_record *r)
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

int spool_record_count(struct spool *s)
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
