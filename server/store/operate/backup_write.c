// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "io/pg/row.h"
#include "store/columns.h"
#include "store/database.h"
#include "store/database_ask.h"
#include "store/operate/backup.h"
#include "store/schema.h"

#define SHOWN_EVERY 1000

struct table_row {
    const char *name, *columns;
    int64_t row_count; /* about */
};

const struct column backup_table_columns[] = {
    COLUMN(struct table_row, name, COLUMN_TEXT),
    COLUMN(struct table_row, columns, COLUMN_TEXT),
    COLUMN(struct table_row, row_count, COLUMN_INT),
    {0},
};

struct day_row {
    const char *day;
};

const struct column backup_day_columns[] = {
    COLUMN(struct day_row, day, COLUMN_TEXT),
    {0},
};

struct sequence_row {
    const char *name;
    int64_t value; /* 0: it may not be read */
    bool is_called;
};

const struct column backup_sequence_columns[] = {
    COLUMN(struct sequence_row, name, COLUMN_TEXT),
    COLUMN_OPTIONAL(struct sequence_row, value, COLUMN_INT),
    COLUMN(struct sequence_row, is_called, COLUMN_BOOL),
    {0},
};

struct writer {
    PGconn *conn;
    const struct backup_sink *sink;
    uint64_t rows, total;
    struct fault *fault;
};

static enum err write_text(struct writer *w, const struct buf *text)
{
    return w->sink->write(w->sink->arg, text->data, text->length, w->fault);
}

static enum err write_head(struct writer *w)
{
    auto_answer PGresult *r = database_ask(w->conn, QUERY_SCHEMA_READ, 0, NULL, w->fault);
    enum err e = r ? schema_compare(&schema_embedded, r, w->fault) : w->fault->code;
    if (e && e != ERR_STALE)
        return e;
    auto_buf struct buf text = {0};
    buf_add_str(&text, "mete backup 1\n");
    for (int i = 0; i < pg_row_count(r); i++) {
        struct schema_row row;
        schema_read(r, i, &row);
        buf_printf(&text, "migration %lld %s %s\n", (long long)row.number, row.name, row.sha256);
    }
    return write_text(w, &text);
}

static enum err write_days(struct writer *w)
{
    auto_answer PGresult *r = database_ask(w->conn, QUERY_BACKUP_DAYS, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    auto_buf struct buf text = {0};
    buf_add_str(&text, "");
    for (int i = 0; i < pg_row_count(r); i++) {
        struct day_row row;
        column_read(backup_day_columns, r, i, &row);
        buf_printf(&text, "day %s\n", row.day);
    }
    return text.length ? write_text(w, &text) : ERR_OK;
}

static enum err write_rows(struct writer *w, uint64_t *ret_rows)
{
    char *line;
    uint64_t rows = 0;
    int length;
    while ((length = PQgetCopyData(w->conn, &line, 0)) > 0) {
        enum err e = w->sink->write(w->sink->arg, line, (size_t)length, w->fault);
        PQfreemem(line);
        if (e)
            return e;
        rows++;
        if (w->sink->on_rows && (w->rows + rows) % SHOWN_EVERY == 0)
            w->sink->on_rows(w->sink->arg, w->rows + rows, w->total);
    }
    if (length == -2)
        return database_fault(w->conn, NULL, w->fault);
    for (PGresult *r; (r = PQgetResult(w->conn));) {
        auto_answer PGresult *last = r;
        if (PQresultStatus(last) != PGRES_COMMAND_OK)
            return database_fault(w->conn, last, w->fault);
    }
    w->rows += rows;
    *ret_rows = rows;
    return ERR_OK;
}

static enum err write_table(struct writer *w, const struct table_row *table)
{
    auto_buf struct buf text = {0};
    uint64_t rows = 0;
    buf_printf(&text, "copy (select %s from %s) to stdout", table->columns, table->name);
    auto_answer PGresult *begun = database_run(w->conn, text.data, w->fault);
    if (!begun)
        return w->fault->code;
    buf_clear(&text);
    buf_printf(&text, "table %s %s\n", table->name, table->columns);
    enum err e = write_text(w, &text);
    if (!e)
        e = write_rows(w, &rows);
    buf_clear(&text);
    buf_printf(&text, "\\.\nrows %llu\n", (unsigned long long)rows);
    return e ? e : write_text(w, &text);
}

static enum err write_tables(struct writer *w)
{
    auto_answer PGresult *r = database_ask(w->conn, QUERY_BACKUP_TABLES, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    struct table_row row;
    for (int i = 0; i < pg_row_count(r); i++) {
        column_read(backup_table_columns, r, i, &row);
        w->total += (uint64_t)row.row_count;
    }
    enum err e = ERR_OK;
    for (int i = 0; i < pg_row_count(r) && !e; i++) {
        column_read(backup_table_columns, r, i, &row);
        e = write_table(w, &row);
    }
    return e;
}

/* Read last: a sequence belongs to no transaction, and one that is ahead of its rows does no harm.
 */
static enum err write_end(struct writer *w)
{
    auto_answer PGresult *r = database_ask(w->conn, QUERY_BACKUP_SEQUENCES, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    auto_buf struct buf text = {0};
    for (int i = 0; i < pg_row_count(r); i++) {
        struct sequence_row row;
        column_read(backup_sequence_columns, r, i, &row);
        if (!row.value)
            return fault_set(w->fault, ERR_FORBIDDEN, "",
                             "this role may not read the sequence %s: give the URL of the owner",
                             row.name);
        buf_printf(&text, "sequence %s %lld %s\n", row.name, (long long)row.value,
                   row.is_called ? "t" : "f");
    }
    buf_add_str(&text, "end\n");
    return write_text(w, &text);
}

enum err backup_write(const char *conninfo, const struct backup_sink *sink, uint64_t *ret_rows,
                      struct fault *ret_fault)
{
    auto_database PGconn *conn = NULL;
    enum err e = database_open(conninfo, &conn, ret_fault);
    if (e)
        return e;
    auto_answer PGresult *begun =
        database_run(conn, "begin isolation level repeatable read read only", ret_fault);
    if (!begun)
        return ret_fault->code;
    struct writer w = {.conn = conn, .sink = sink, .fault = ret_fault};
    static enum err (*const parts[])(struct writer *) = {write_head, write_days, write_tables,
                                                         write_end};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !e; i++)
        e = parts[i](&w);
    if (!e)
        *ret_rows = w.rows;
    return e;
}
