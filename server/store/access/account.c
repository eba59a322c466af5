// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/account.h"

#include "io/pg/row.h"
#include "store/columns.h"

const struct column account_columns[] = {
    COLUMN(struct account_row, user_id, COLUMN_INT),
    COLUMN_OPTIONAL(struct account_row, email, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct account_row, hash, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct account_row, secret, COLUMN_TEXT),
    COLUMN(struct account_row, is_confirmed, COLUMN_BOOL),
    COLUMN(struct account_row, step, COLUMN_INT),
    COLUMN(struct account_row, locked_s, COLUMN_INT),
    {0},
};

struct changed_row {
    bool is_changed;
};

const struct column account_changed_columns[] = {
    COLUMN(struct changed_row, is_changed, COLUMN_BOOL),
    {0},
};

void account_send_find(struct pg *pg, const char *email, int64_t user_id, pg_answer_fn *fn,
                       void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, email);
    if (email)
        pg_param_null(&params);
    else
        pg_param_int(&params, user_id);
    pg_send(pg, QUERY_ACCOUNT_FIND, &params, fn, arg);
}

void account_read(const PGresult *result, struct account_row *ret)
{
    *ret = (struct account_row){0};
    if (pg_row_count(result) > 0)
        column_read(account_columns, result, 0, ret);
}

void account_send_change(struct pg *pg, const struct account_change *change, pg_answer_fn *fn,
                         void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, change->user_id);
    pg_param_text(&params, change->seen_hash);
    pg_param_text(&params, change->email);
    pg_param_text(&params, change->hash);
    pg_param_bytes(&params, change->session, TOKEN_HASH_BYTES);
    pg_send(pg, QUERY_ACCOUNT_CHANGE, &params, fn, arg);
}

bool account_read_changed(const PGresult *result)
{
    struct changed_row row;
    column_read(account_changed_columns, result, 0, &row);
    return row.is_changed;
}
