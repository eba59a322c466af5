// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/config.h"

#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

static const struct {
    enum query list;
    enum query read;
    enum query change;
} kinds[] = {
    [CONFIG_ENVIRONMENT] = {QUERY_ENVIRONMENT_LIST, QUERY_ENVIRONMENT_READ,
                            QUERY_ENVIRONMENT_CHANGE},
    [CONFIG_ACCESS_KEY] = {QUERY_ACCESS_KEY_LIST, QUERY_ACCESS_KEY_READ, QUERY_ACCESS_KEY_CHANGE},
    [CONFIG_FLAG] = {QUERY_FLAG_LIST, QUERY_FLAG_READ, QUERY_FLAG_CHANGE},
    [CONFIG_METRIC] = {QUERY_METRIC_LIST, QUERY_METRIC_READ, QUERY_METRIC_CHANGE},
    [CONFIG_LAYER] = {QUERY_LAYER_LIST, QUERY_LAYER_READ, QUERY_LAYER_CHANGE},
    [CONFIG_CAMPAIGN] = {QUERY_CAMPAIGN_LIST, QUERY_CAMPAIGN_READ, QUERY_CAMPAIGN_CHANGE},
    [CONFIG_USER] = {QUERY_APP_USER_LIST, QUERY_APP_USER_READ, QUERY_APP_USER_CHANGE},
    [CONFIG_AUDIT] = {QUERY_AUDIT_LIST, QUERY_COUNT, QUERY_COUNT},
    [CONFIG_REJECTED_EVENT] = {QUERY_REJECTED_EVENT_LIST, QUERY_COUNT, QUERY_COUNT},
};

static void param_environment(struct pg_params *params, int64_t environment_id)
{
    if (environment_id == 0)
        pg_param_null(params);
    else
        pg_param_int(params, environment_id);
}

void config_send_list(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    param_environment(&params, query->environment_id);
    pg_param_text(&params, query->key);
    pg_param_int(&params, query->limit);
    pg_send(pg, kinds[query->kind].list, &params, fn, arg);
}

const char *config_list_key(const PGresult *result, int row)
{
    return row_text(result, row, 0);
}

const char *config_list_view(const PGresult *result, int row)
{
    return row_text(result, row, 1);
}

void config_send_read(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg)
{
    must(kinds[query->kind].read != QUERY_COUNT);
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    param_environment(&params, query->environment_id);
    pg_param_text(&params, query->key);
    pg_param_bool(&params, query->has_context);
    pg_send(pg, kinds[query->kind].read, &params, fn, arg);
}

void config_read(const PGresult *result, struct config_row *ret)
{
    *ret = (struct config_row){
        .clock = row_is_null(result, 0, 0) ? 0 : row_int(result, 0, 0),
        .is_there = !row_is_null(result, 0, 1),
        .view = row_text(result, 0, 2),
        .context = row_text(result, 0, 3),
    };
    if (ret->is_there)
        ret->version = row_int(result, 0, 1);
}

void config_send_change(struct pg *pg, enum config_kind kind, const struct config_change *change,
                        pg_answer_fn *fn, void *arg)
{
    must(kinds[kind].change != QUERY_COUNT);
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, change->actor);
    param_environment(&params, change->environment_id);
    pg_param_int(&params, change->clock);
    pg_param_text(&params, change->action);
    pg_param_text(&params, change->key);
    pg_param_text(&params, change->document);
    pg_param_text(&params, change->plan);
    pg_send(pg, kinds[kind].change, &params, fn, arg);
}

bool config_changed(const PGresult *result, int64_t *ret_version, const char **ret_view)
{
    if (row_count(result) == 0)
        return false;
    *ret_version = row_int(result, 0, 0);
    *ret_view = row_text(result, 0, 1);
    return true;
}
