// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access/session.h"

#include "io/pg/row.h"
#include "store/columns.h"

struct opened_row {
    bool is_new;
};

const struct column session_opened_columns[] = {
    COLUMN(struct opened_row, is_new, COLUMN_BOOL),
    {0},
};

struct provided_row {
    bool is_opened;
};

const struct column session_provided_columns[] = {
    COLUMN(struct provided_row, is_opened, COLUMN_BOOL),
    {0},
};

struct closed_row {
    int64_t closed_count;
};

const struct column session_closed_columns[] = {
    COLUMN(struct closed_row, closed_count, COLUMN_INT),
    {0},
};

static void param_opening(struct pg_params *params, const struct session_opening *opening)
{
    pg_param_bytes(params, opening->session, TOKEN_HASH_BYTES);
    pg_param_int(params, opening->hours);
    pg_param_text(params, opening->agent);
}

void session_send_open(struct pg *pg, const uint8_t link[TOKEN_HASH_BYTES],
                       const struct session_opening *opening, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, link, TOKEN_HASH_BYTES);
    param_opening(&params, opening);
    pg_send(pg, QUERY_SESSION_OPEN, &params, fn, arg);
}

void session_send_open_by_password(struct pg *pg, const struct session_claim *claim,
                                   const struct session_opening *opening, pg_answer_fn *fn,
                                   void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, claim->user_id);
    pg_param_text(&params, claim->hash);
    param_opening(&params, opening);
    second_factor_param(&params, &claim->proof);
    pg_send(pg, QUERY_SESSION_OPEN_BY_PASSWORD, &params, fn, arg);
}

void session_send_open_by_provider(struct pg *pg, const struct session_vouched *vouched,
                                   const struct session_opening *opening, pg_answer_fn *fn,
                                   void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    param_opening(&params, opening);
    pg_param_text(&params, vouched->provider_id);
    pg_param_text(&params, vouched->email);
    pg_param_text(&params, vouched->role);
    pg_param_text(&params, vouched->new_role);
    pg_send(pg, QUERY_SESSION_OPEN_BY_PROVIDER, &params, fn, arg);
}

bool session_read_provided(const PGresult *result)
{
    struct provided_row row;
    column_read(session_provided_columns, result, 0, &row);
    return row.is_opened;
}

bool session_read_opened(const PGresult *result, bool *ret_is_new)
{
    struct opened_row row;
    if (pg_row_count(result) == 0)
        return false;
    column_read(session_opened_columns, result, 0, &row);
    *ret_is_new = row.is_new;
    return true;
}

void session_send_close(struct pg *pg, const uint8_t session[TOKEN_HASH_BYTES], pg_answer_fn *fn,
                        void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, session, TOKEN_HASH_BYTES);
    pg_send(pg, QUERY_SESSION_CLOSE, &params, fn, arg);
}

void session_send_close_own(struct pg *pg, int64_t user_id, int64_t id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_int(&params, id);
    pg_send(pg, QUERY_SESSION_CLOSE_OWN, &params, fn, arg);
}

void session_send_close_all(struct pg *pg, int64_t user_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_null(&params);
    pg_send(pg, QUERY_SESSION_CLOSE_OWN, &params, fn, arg);
}

int64_t session_read_closed(const PGresult *result)
{
    struct closed_row row;
    column_read(session_closed_columns, result, 0, &row);
    return row.closed_count;
}

void session_send_list(struct pg *pg, int64_t user_id, const uint8_t session[TOKEN_HASH_BYTES],
                       pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_bytes(&params, session, TOKEN_HASH_BYTES);
    pg_send(pg, QUERY_SESSION_LIST, &params, fn, arg);
}

void session_send_read(struct pg *pg, int64_t user_id, int64_t environment_id, const char *role,
                       pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_id(&params, user_id);
    pg_param_id(&params, environment_id);
    pg_param_text(&params, role);
    pg_send(pg, QUERY_SESSION_READ, &params, fn, arg);
}
