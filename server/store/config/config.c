// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/config/config.h"

#include "base/mem.h"
#include "io/pg/row.h"
#include "store/columns.h"

#include <stdio.h>
#include <string.h>

const struct column config_columns[] = {
    COLUMN_OPTIONAL(struct config_row, clock, COLUMN_INT),
    COLUMN_OPTIONAL(struct config_row, version, COLUMN_INT),
    COLUMN_OPTIONAL(struct config_row, view, COLUMN_JSON),
    COLUMN_OPTIONAL(struct config_row, context, COLUMN_JSON),
    {0},
};

struct changed_row {
    int64_t version;
    const char *view;
};

const struct column config_change_columns[] = {
    COLUMN(struct changed_row, version, COLUMN_INT),
    COLUMN(struct changed_row, view, COLUMN_JSON),
    {0},
};

static bool find_one(const char *name, const char *what, size_t *ret)
{
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "%s_%s", name, what);
    for (*ret = 0; *ret < QUERY_COUNT; ++*ret)
        if (strcmp(queries[*ret].name, wanted) == 0)
            return true;
    return false;
}

bool config_find(const char *name, bool is_written, struct config_statements *ret)
{
    *ret = (struct config_statements){QUERY_COUNT, QUERY_COUNT, QUERY_COUNT};
    if (!find_one(name, "list", &ret->list))
        return false;
    return !is_written ||
           (find_one(name, "read", &ret->read) && find_one(name, "change", &ret->change));
}

void config_find_read(const char *name, const char *action, struct config_statements *statements)
{
    char what[32];
    size_t found;
    snprintf(what, sizeof(what), "read_%s", action);
    if (find_one(name, what, &found))
        statements->read = found;
}

void config_send_list(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_id(&params, query->environment_id);
    pg_param_text(&params, query->key);
    pg_param_int(&params, query->rows);
    pg_send(pg, query->statements->list, &params, fn, arg);
}

void config_send_read(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg)
{
    must(query->statements->read != QUERY_COUNT);
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_id(&params, query->environment_id);
    pg_param_text(&params, query->key);
    pg_param_bool(&params, query->has_context);
    pg_send(pg, query->statements->read, &params, fn, arg);
}

void config_read(const PGresult *result, struct config_row *ret)
{
    column_read(config_columns, result, 0, ret);
    ret->is_there = ret->version > 0;
}

void config_send_change(struct pg *pg, const struct config_statements *statements,
                        const struct config_change *change, pg_answer_fn *fn, void *arg)
{
    must(statements->change != QUERY_COUNT);
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, change->actor);
    pg_param_id(&params, change->environment_id);
    pg_param_int(&params, change->clock);
    pg_param_text(&params, change->action);
    pg_param_text(&params, change->key);
    pg_param_text(&params, change->document);
    pg_param_text(&params, change->plan);
    pg_send(pg, statements->change, &params, fn, arg);
}

bool config_changed(const PGresult *result, int64_t *ret_version, const char **ret_view)
{
    if (pg_row_count(result) == 0)
        return false;
    struct changed_row row;
    column_read(config_change_columns, result, 0, &row);
    *ret_version = row.version;
    *ret_view = row.view;
    return true;
}
