// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "store/columns.h"
#include "store/database.h"
#include "store/database_ask.h"
#include "store/operate/backup.h"
#include "store/operate/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_EVERY 1000
#define WORDS       4

struct reader {
    const char *conninfo;
    PGconn *conn;
    const struct backup_source *source;
    struct buf line; /* the one at hand, cut into words */
    char *words[WORDS];
    int word_count;
    uint64_t rows;
    struct fault *fault;
};

static enum err broken(struct reader *r, const char *what)
{
    return fault_set(r->fault, ERR_INVALID, "", "the backup is not as it should be: %s", what);
}

/* The next line that is no row. */
static enum err read_words(struct reader *r)
{
    const char *line;
    size_t length;
    enum err e = r->source->read_line(r->source->arg, &line, &length, r->fault);
    if (e)
        return e;
    if (length == 0)
        return broken(r, "it has no end");
    buf_clear(&r->line);
    buf_add(&r->line, line, length - 1);
    r->word_count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(r->line.data, " ", &rest); word && r->word_count < WORDS;
         word = strtok_r(NULL, " ", &rest))
        r->words[r->word_count++] = word;
    return ERR_OK;
}

struct restore_row {
    bool is_empty;
};

struct sequence_value {
    int64_t setval;
};

static bool is_line(const struct reader *r, const char *word, int count)
{
    return r->word_count == count && strcmp(r->words[0], word) == 0;
}

/* Names are put into statements: they must be names. */
static bool are_names(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_,")] == '\0';
}

const struct column restore_columns[] = {
    COLUMN(struct restore_row, is_empty, COLUMN_BOOL),
    {0},
};

const struct column sequence_columns[] = {
    COLUMN(struct sequence_value, setval, COLUMN_INT),
    {0},
};

static enum err run(struct reader *r, const char *sql)
{
    return database_do(r->conn, sql, r->fault);
}

static enum err ask(struct reader *r, enum query query, int count, const char *const *params)
{
    auto_answer PGresult *done = database_ask(r->conn, query, count, params, r->fault);
    return done ? ERR_OK : r->fault->code;
}

/* This program must bring the very migrations the backup was made under. */
static enum err check_migration(struct reader *r, size_t count)
{
    if (count >= schema_embedded.count)
        return fault_set(r->fault, ERR_CONFLICT, "",
                         "the backup holds migration %s_%s, this program knows %zu: use the mete "
                         "that made it, or a newer one",
                         r->words[1], r->words[2], schema_embedded.count);
    if (strcmp(schema_embedded.migrations[count].sha256, r->words[3]) != 0)
        return fault_set(r->fault, ERR_CONFLICT, "",
                         "migration %s_%s is not the one the backup was made under: its checksum "
                         "differs",
                         r->words[1], r->words[2]);
    return ERR_OK;
}

/* Leaves the first line after the head at hand. */
static enum err read_head(struct reader *r, size_t *ret_count)
{
    size_t count = 0;
    enum err e = read_words(r);
    if (!e && (!is_line(r, "mete", 3) || strcmp(r->words[1], "backup") != 0))
        return broken(r, "it does not begin as one");
    if (!e && strcmp(r->words[2], "1") != 0)
        return fault_set(r->fault, ERR_CONFLICT, "", "the backup was written by a newer mete");
    while (!e && !(e = read_words(r)) && is_line(r, "migration", 4)) {
        e = check_migration(r, count);
        count++;
    }
    *ret_count = count;
    return e;
}

static enum err check_empty(struct reader *r)
{
    auto_answer PGresult *answer = database_ask(r->conn, QUERY_RESTORE_IS_EMPTY, 0, NULL, r->fault);
    if (!answer)
        return r->fault->code;
    struct restore_row row;
    column_read(restore_columns, answer, 0, &row);
    return row.is_empty
               ? ERR_OK
               : fault_set(r->fault, ERR_CONFLICT, "",
                           "the database is not empty: a backup is restored into a new one");
}

static enum err send_rows(struct reader *r)
{
    for (;;) {
        const char *line;
        size_t length;
        enum err e = r->source->read_line(r->source->arg, &line, &length, r->fault);
        if (e)
            return e;
        if (length == 0)
            return broken(r, "a table has no end");
        if (length == 3 && memcmp(line, "\\.\n", 3) == 0)
            return ERR_OK;
        if (PQputCopyData(r->conn, line, (int)length) != 1)
            return database_fault(r->conn, NULL, r->fault);
        if (++r->rows % SHOWN_EVERY == 0 && r->source->on_rows)
            r->source->on_rows(r->source->arg, r->rows);
    }
}

/* *ret_rows: how many PostgreSQL has taken. */
static enum err end_rows(struct reader *r, const char *why_not, long long *ret_rows)
{
    if (PQputCopyEnd(r->conn, why_not) != 1)
        return database_fault(r->conn, NULL, r->fault);
    enum err e = ERR_OK;
    for (PGresult *next; (next = PQgetResult(r->conn));) {
        auto_answer PGresult *result = next;
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            *ret_rows = atoll(PQcmdTuples(result));
        else if (!e && !why_not)
            e = database_fault(r->conn, result, r->fault);
    }
    return e;
}

/* There are no triggers yet: the newest snapshot is among the rows. Some tables have rows by the
 * migrations already. */
static enum err read_table(struct reader *r)
{
    char name[64], sql[4096];
    long long rows = -1;
    if (!are_names(r->words[1]) || !are_names(r->words[2]) || strlen(r->words[1]) >= sizeof(name))
        return broken(r, "a table has a strange name");
    snprintf(name, sizeof(name), "%s", r->words[1]);
    snprintf(sql, sizeof(sql), "delete from %s; copy %s (%s) from stdin", name, name, r->words[2]);
    enum err e = run(r, sql);
    if (e)
        return e;
    e = send_rows(r);
    enum err ended = end_rows(r, e ? "given up" : NULL, &rows);
    if (!e)
        e = ended;
    if (!e)
        e = read_words(r);
    if (!e && (!is_line(r, "rows", 2) || atoll(r->words[1]) != rows))
        return broken(r, "a table has another number of rows than it says");
    return e;
}

/* Plainly: the function for it comes with the routines, when all rows are there. */
static enum err make_day(struct reader *r)
{
    const char *day = r->words[1];
    char sql[256];
    int year, month, of_month, length = 0;
    if (sscanf(day, "%4d-%2d-%2d%n", &year, &month, &of_month, &length) != 3 || length != 10 ||
        day[length])
        return broken(r, "a day is none");
    snprintf(sql, sizeof(sql),
             "create table visitor_event_%04d%02d%02d partition of visitor_event"
             " for values from ('%s') to (date '%s' + 1)",
             year, month, of_month, day, day);
    return run(r, sql);
}

static enum err read_part(struct reader *r)
{
    const char *const *params = (const char *const *)&r->words[1];
    if (is_line(r, "day", 2))
        return make_day(r);
    if (is_line(r, "table", 3))
        return read_table(r);
    if (is_line(r, "sequence", 4))
        return ask(r, QUERY_RESTORE_SEQUENCE, 3, params);
    return broken(r, "it has a line of an unknown kind");
}

static enum err read_parts(struct reader *r)
{
    enum err e = run(r, "begin");
    while (!e && !is_line(r, "end", 1)) {
        e = read_part(r);
        if (!e)
            e = read_words(r);
    }
    if (!e)
        e = ask(r, QUERY_RESTORE_FORGET_ACCESS, 0, NULL);
    if (!e)
        e = run(r, "commit");
    return e ? e : run(r, "analyze");
}

static enum err read_all(struct reader *r)
{
    size_t count = 0;
    enum err e = read_head(r, &count);
    if (!e)
        e = database_open(r->conninfo, &r->conn, r->fault);
    if (!e)
        e = check_empty(r);
    const struct schema then = {.migrations = schema_embedded.migrations, .count = count};
    if (!e)
        e = migrate_apply(r->conninfo, &then, NULL, NULL, r->fault);
    if (!e)
        e = read_parts(r);
    if (!e)
        e = migrate_apply(r->conninfo, &schema_embedded, NULL, NULL, r->fault);
    return e ? e : ask(r, QUERY_RESTORE_RENEW_PREVIEWS, 0, NULL);
}

enum err backup_read(const char *conninfo, const struct backup_source *source, uint64_t *ret_rows,
                     struct fault *ret_fault)
{
    struct reader r = {.conninfo = conninfo, .source = source, .fault = ret_fault};
    enum err e = read_all(&r);
    if (!e)
        *ret_rows = r.rows;
    PQfinish(r.conn);
    buf_done(&r.line);
    return e;
}
