// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "io/row.h"
#include "store/backup.h"
#include "store/schema.h"
#include "store/session.h"

#define SHOWN_EVERY 1000

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
    auto_answer PGresult *r = session_ask(w->conn, QUERY_SCHEMA_READ, 0, NULL, w->fault);
    enum err e = r ? schema_compare(&schema_embedded, r, w->fault) : w->fault->code;
    if (e && e != ERR_STALE)
        return e;
    auto_buf struct buf text = {0};
    buf_add_str(&text, "mete backup 1\n");
    for (int i = 0; i < row_count(r); i++)
        buf_printf(&text, "migration %s %s %s\n", row_text(r, i, 0), row_text(r, i, 1),
                   row_text(r, i, 2));
    return write_text(w, &text);
}

static enum err write_days(struct writer *w)
{
    auto_answer PGresult *r = session_ask(w->conn, QUERY_BACKUP_DAYS, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    auto_buf struct buf text = {0};
    buf_add_str(&text, "");
    for (int i = 0; i < row_count(r); i++)
        buf_printf(&text, "day %s\n", row_text(r, i, 0));
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
        return session_fault(w->conn, NULL, w->fault);
    for (PGresult *r; (r = PQgetResult(w->conn));) {
        auto_answer PGresult *last = r;
        if (PQresultStatus(last) != PGRES_COMMAND_OK)
            return session_fault(w->conn, last, w->fault);
    }
    w->rows += rows;
    *ret_rows = rows;
    return ERR_OK;
}

static enum err write_table(struct writer *w, const char *name, const char *columns)
{
    auto_buf struct buf text = {0};
    uint64_t rows = 0;
    buf_printf(&text, "copy (select %s from %s) to stdout", columns, name);
    auto_answer PGresult *begun = session_run(w->conn, text.data, w->fault);
    if (!begun)
        return w->fault->code;
    buf_clear(&text);
    buf_printf(&text, "table %s %s\n", name, columns);
    enum err e = write_text(w, &text);
    if (!e)
        e = write_rows(w, &rows);
    buf_clear(&text);
    buf_printf(&text, "\\.\nrows %llu\n", (unsigned long long)rows);
    return e ? e : write_text(w, &text);
}

static enum err write_tables(struct writer *w)
{
    auto_answer PGresult *r = session_ask(w->conn, QUERY_BACKUP_TABLES, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    for (int i = 0; i < row_count(r); i++)
        w->total += (uint64_t)row_int(r, i, 2);
    enum err e = ERR_OK;
    for (int i = 0; i < row_count(r) && !e; i++)
        e = write_table(w, row_text(r, i, 0), row_text(r, i, 1));
    return e;
}

/* Read last: a sequence belongs to no transaction, and one that is ahead of its rows does no harm.
 */
static enum err write_end(struct writer *w)
{
    auto_answer PGresult *r = session_ask(w->conn, QUERY_BACKUP_SEQUENCES, 0, NULL, w->fault);
    if (!r)
        return w->fault->code;
    auto_buf struct buf text = {0};
    for (int i = 0; i < row_count(r); i++) {
        if (row_is_null(r, i, 1))
            return fault_set(w->fault, ERR_FORBIDDEN, "",
                             "this role may not read the sequence %s: give the URL of the owner",
                             row_text(r, i, 0));
        buf_printf(&text, "sequence %s %s %s\n", row_text(r, i, 0), row_text(r, i, 1),
                   row_text(r, i, 2));
    }
    buf_add_str(&text, "end\n");
    return write_text(w, &text);
}

enum err backup_write(const char *conninfo, const struct backup_sink *sink, uint64_t *ret_rows,
                      struct fault *ret_fault)
{
    auto_session PGconn *conn = NULL;
    enum err e = session_open(conninfo, &conn, ret_fault);
    if (e)
        return e;
    auto_answer PGresult *begun =
        session_run(conn, "begin isolation level repeatable read read only", ret_fault);
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
