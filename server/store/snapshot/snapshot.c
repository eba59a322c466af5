// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/snapshot/snapshot.h"

#include "store/columns.h"

const struct column snapshot_version_columns[] = {
    COLUMN(struct snapshot_version, environment_id, COLUMN_INT),
    COLUMN(struct snapshot_version, version, COLUMN_INT),
    {0},
};

const struct column snapshot_document_columns[] = {
    COLUMN(struct snapshot_document, version, COLUMN_INT),
    COLUMN(struct snapshot_document, document, COLUMN_TEXT),
    {0},
};

void snapshot_send_versions(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_SNAPSHOT_VERSIONS, NULL, fn, arg);
}

void snapshot_read_version(const PGresult *result, int row, struct snapshot_version *ret)
{
    column_read(snapshot_version_columns, result, row, ret);
}

void snapshot_send_read(struct pg *pg, int environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_SNAPSHOT_READ, &params, fn, arg);
}

void snapshot_send_other(struct pg *pg, int environment_id, int64_t version, pg_answer_fn *fn,
                         void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_param_int(&params, version);
    pg_send(pg, QUERY_SNAPSHOT_OTHER, &params, fn, arg);
}

bool snapshot_read_document(const PGresult *result, struct snapshot_document *ret)
{
    if (pg_row_count(result) == 0)
        return false;
    column_read(snapshot_document_columns, result, 0, ret);
    return true;
}
