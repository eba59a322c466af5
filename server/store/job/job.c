// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/job/job.h"

#include "store/columns.h"

struct waiting_row {
    bool is_waiting;
};

const struct column job_waiting_columns[] = {
    COLUMN(struct waiting_row, is_waiting, COLUMN_BOOL),
    {0},
};

const struct column job_columns[] = {
    COLUMN_OPTIONAL(struct job_row, id, COLUMN_INT),
    COLUMN_OPTIONAL(struct job_row, environment_id, COLUMN_INT),
    COLUMN_OPTIONAL(struct job_row, kind, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct job_row, input, COLUMN_JSON),
    {0},
};

struct progress_row {
    int64_t id;
};

const struct column job_progress_columns[] = {
    COLUMN(struct progress_row, id, COLUMN_INT),
    {0},
};

const struct column job_view_columns[] = {
    COLUMN(struct job_view, id, COLUMN_INT),
    COLUMN(struct job_view, view, COLUMN_JSON),
    {0},
};

struct cancelled_row {
    bool is_cancelled;
};

const struct column job_cancelled_columns[] = {
    COLUMN(struct cancelled_row, is_cancelled, COLUMN_BOOL),
    {0},
};

void job_send_waiting(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_JOB_WAITING, NULL, fn, arg);
}

bool job_read_waiting(const PGresult *result)
{
    struct waiting_row row;
    column_read(job_waiting_columns, result, 0, &row);
    return row.is_waiting;
}

void job_send_claim(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_JOB_CLAIM, NULL, fn, arg);
}

bool job_read_claimed(const PGresult *result, struct job_row *ret)
{
    column_read(job_columns, result, 0, ret);
    return ret->id != 0;
}

void job_send_progress(struct pg *pg, int64_t id, double done, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, id);
    pg_param_text(&params, arena_printf(arena, "%.6f", done));
    pg_send(pg, QUERY_JOB_PROGRESS, &params, fn, arg);
}

bool job_read_progress(const PGresult *result)
{
    return pg_row_count(result) > 0;
}

void job_send_end(struct pg *pg, int64_t id, const char *result, const char *problem,
                  pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, id);
    pg_param_text(&params, result);
    pg_param_text(&params, problem);
    pg_send(pg, QUERY_JOB_END, &params, fn, arg);
}

void job_send_start(struct pg *pg, const struct job_wish *wish, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, wish->environment_id);
    pg_param_text(&params, wish->kind);
    pg_param_text(&params, wish->input);
    pg_param_text(&params, wish->actor);
    pg_param_int(&params, wish->open_most);
    pg_send(pg, QUERY_JOB_START, &params, fn, arg);
}

static void send_of_one(struct pg *pg, enum query query, const int64_t ids[2], pg_answer_fn *fn,
                        void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, ids[0]);
    pg_param_int(&params, ids[1]);
    pg_send(pg, query, &params, fn, arg);
}

void job_send_read(struct pg *pg, int64_t environment_id, int64_t id, pg_answer_fn *fn, void *arg)
{
    send_of_one(pg, QUERY_JOB_READ, (const int64_t[]){environment_id, id}, fn, arg);
}

bool job_read_view(const PGresult *result, struct job_view *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(job_view_columns, result, 0, ret);
    return true;
}

void job_send_list(struct pg *pg, const struct job_page *page, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, page->environment_id);
    pg_param_text(&params, page->after);
    pg_param_int(&params, page->rows);
    pg_param_text(&params, page->kind);
    pg_param_text(&params, page->campaign);
    pg_send(pg, QUERY_JOB_LIST, &params, fn, arg);
}

void job_send_cancel(struct pg *pg, int64_t environment_id, int64_t id, pg_answer_fn *fn, void *arg)
{
    send_of_one(pg, QUERY_JOB_CANCEL, (const int64_t[]){environment_id, id}, fn, arg);
}

bool job_read_cancelled(const PGresult *result, bool *ret_was_open)
{
    struct cancelled_row row;
    if (pg_row_count(result) == 0)
        return false;
    column_read(job_cancelled_columns, result, 0, &row);
    *ret_was_open = row.is_cancelled;
    return true;
}
