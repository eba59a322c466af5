// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/config/environment.h"

#include "io/pg/row.h"
#include "store/columns.h"

struct environment_row {
    int64_t id;
};

const struct column environment_columns[] = {
    COLUMN(struct environment_row, id, COLUMN_INT),
    {0},
};

struct open_row {
    int64_t id;
    const char *role;
};

const struct column environment_open_columns[] = {
    COLUMN(struct open_row, id, COLUMN_INT),
    COLUMN(struct open_row, role, COLUMN_TEXT),
    {0},
};

void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, key);
    pg_send(pg, QUERY_ENVIRONMENT_FIND, &params, fn, arg);
}

void environment_send_open(struct pg *pg, const char *key, int64_t user_id, pg_answer_fn *fn,
                           void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, key);
    pg_param_int(&params, user_id);
    pg_send(pg, QUERY_ENVIRONMENT_OPEN, &params, fn, arg);
}

int64_t environment_read_open(const PGresult *result, enum role *ret_role)
{
    struct open_row row = {0};
    if (pg_row_count(result) == 0)
        return 0;
    column_read(environment_open_columns, result, 0, &row);
    *ret_role = ROLE_NONE;
    (void)role_parse(row.role, ret_role);
    return row.id;
}

int64_t environment_read_id(const PGresult *result)
{
    struct environment_row row = {0};
    if (pg_row_count(result) > 0)
        column_read(environment_columns, result, 0, &row);
    return row.id;
}

void environment_send_list_open(struct pg *pg, int64_t user_id, const char *after, int rows,
                                pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_text(&params, after);
    pg_param_int(&params, rows);
    pg_send(pg, QUERY_ENVIRONMENT_LIST_OPEN, &params, fn, arg);
}
