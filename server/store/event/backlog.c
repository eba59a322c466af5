// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/backlog.h"

#include "base/mem.h"
#include "store/columns.h"

const struct column backlog_columns[] = {
    COLUMN(struct backlog_value, measure, COLUMN_INT),
    COLUMN_OPTIONAL(struct backlog_value, subject, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct backlog_value, reason, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct backlog_value, event, COLUMN_TEXT),
    COLUMN(struct backlog_value, value, COLUMN_DOUBLE),
    {0},
};

void backlog_send(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_BACKLOG_READ, NULL, fn, arg);
}

void backlog_read(const PGresult *result, int row, struct backlog_value *ret)
{
    column_read(backlog_columns, result, row, ret);
    must(ret->measure >= 0 && ret->measure < BACKLOG_COUNT);
}
