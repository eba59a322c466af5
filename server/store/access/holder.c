// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/holder.h"

#include "base/mem.h"
#include "io/pg/row.h"
#include "store/columns.h"

struct holder_row {
    int64_t id;
    bool is_user;
    const char *role;
    int64_t environment_id;
};

const struct column holder_columns[] = {
    COLUMN(struct holder_row, id, COLUMN_INT),
    COLUMN(struct holder_row, is_user, COLUMN_BOOL),
    COLUMN(struct holder_row, role, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct holder_row, environment_id, COLUMN_INT),
    {0},
};

static void send_hash(struct pg *pg, enum query query, const uint8_t *hash, pg_answer_fn *fn,
                      void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, hash, TOKEN_HASH_BYTES);
    pg_send(pg, query, &params, fn, arg);
}

void holder_send_by_key(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                        void *arg)
{
    send_hash(pg, QUERY_HOLDER_BY_KEY, hash, fn, arg);
}

void holder_send_by_session(struct pg *pg, const uint8_t hash[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                            void *arg)
{
    send_hash(pg, QUERY_HOLDER_BY_SESSION, hash, fn, arg);
}

bool holder_read(const PGresult *result, struct holder *ret)
{
    struct holder_row row;
    if (pg_row_count(result) == 0)
        return false;
    column_read(holder_columns, result, 0, &row);
    struct holder holder = {
        .is_user = row.is_user, .id = row.id, .environment_id = row.environment_id};
    must(role_parse(row.role, &holder.role));
    *ret = holder;
    return true;
}
