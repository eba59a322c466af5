// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/snapshot/preview.h"

#include "store/columns.h"

const struct column preview_campaign_columns[] = {
    COLUMN(struct preview_campaign, campaign_id, COLUMN_INT),
    COLUMN(struct preview_campaign, generation, COLUMN_INT),
    COLUMN(struct preview_campaign, secret, COLUMN_TEXT),
    COLUMN(struct preview_campaign, status, COLUMN_TEXT),
    COLUMN(struct preview_campaign, variants, COLUMN_JSON),
    {0},
};

const struct column preview_draft_columns[] = {
    COLUMN(struct preview_draft, key, COLUMN_TEXT),
    COLUMN(struct preview_draft, generation, COLUMN_INT),
    COLUMN(struct preview_draft, secret, COLUMN_TEXT),
    COLUMN(struct preview_draft, document, COLUMN_JSON),
    COLUMN(struct preview_draft, names, COLUMN_JSON),
    {0},
};

void preview_send_find(struct pg *pg, int64_t environment_id, const char *campaign_key,
                       pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_text(&params, campaign_key);
    pg_send(pg, QUERY_PREVIEW_FIND, &params, fn, arg);
}

bool preview_read_campaign(const PGresult *result, struct preview_campaign *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(preview_campaign_columns, result, 0, ret);
    return true;
}

void preview_send_read(struct pg *pg, int64_t environment_id, int64_t campaign_id, pg_answer_fn *fn,
                       void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_int(&params, campaign_id);
    pg_send(pg, QUERY_PREVIEW_READ, &params, fn, arg);
}

bool preview_read_draft(const PGresult *result, struct preview_draft *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(preview_draft_columns, result, 0, ret);
    return true;
}
