// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/event/writer.h"

#include "store/columns.h"

const struct column writer_columns[] = {
    COLUMN(struct writer_row, writer, COLUMN_INT),
    COLUMN(struct writer_row, seq, COLUMN_INT),
    COLUMN(struct writer_row, slices, COLUMN_INT),
    {0},
};

void writer_send_lease(struct pg *pg, pg_answer_fn *fn, void *arg)
{
    pg_send(pg, QUERY_WRITER_LEASE, NULL, fn, arg);
}

void writer_read_lease(const PGresult *result, struct writer_row *ret)
{
    column_read(writer_columns, result, 0, ret);
}
