// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/second_factor.h"

#include "io/pg/row.h"
#include "store/columns.h"

struct changed_row {
    bool is_changed;
};

const struct column second_factor_changed_columns[] = {
    COLUMN(struct changed_row, is_changed, COLUMN_BOOL),
    {0},
};

void second_factor_param(struct pg_params *params, const struct second_factor_proof *proof)
{
    pg_param_id(params, proof->step);
    if (proof->recovery)
        pg_param_bytes(params, proof->recovery, TOKEN_HASH_BYTES);
    else
        pg_param_null(params);
}

static void send_user(struct pg *pg, enum query query, int64_t user_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_send(pg, query, &params, fn, arg);
}

void second_factor_send_show(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg)
{
    send_user(pg, QUERY_SECOND_FACTOR_SHOW, user_id, fn, arg);
}

void second_factor_send_fail(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg)
{
    send_user(pg, QUERY_SECOND_FACTOR_FAIL, user_id, fn, arg);
}

void second_factor_send_begin(struct pg *pg, int64_t user_id, const uint8_t *sealed, size_t count,
                              pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_bytes(&params, sealed, count);
    pg_send(pg, QUERY_SECOND_FACTOR_BEGIN, &params, fn, arg);
}

void second_factor_send_confirm(struct pg *pg, const struct second_factor_confirming *confirming,
                                pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, confirming->user_id);
    pg_param_int(&params, confirming->step);
    pg_param_text(&params, confirming->codes);
    pg_param_bytes(&params, confirming->session, TOKEN_HASH_BYTES);
    pg_send(pg, QUERY_SECOND_FACTOR_CONFIRM, &params, fn, arg);
}

void second_factor_send_remove(struct pg *pg, int64_t user_id,
                               const struct second_factor_proof *proof, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    second_factor_param(&params, proof);
    pg_send(pg, QUERY_SECOND_FACTOR_REMOVE, &params, fn, arg);
}

bool second_factor_read_changed(const PGresult *result)
{
    struct changed_row row;
    column_read(second_factor_changed_columns, result, 0, &row);
    return row.is_changed;
}
