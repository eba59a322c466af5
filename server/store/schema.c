// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema.h"

#include "base/mem.h"
#include "io/pg/row.h"
#include "store/columns.h"

#include <string.h>

const struct column schema_columns[] = {
    COLUMN(struct schema_row, number, COLUMN_INT),    COLUMN(struct schema_row, name, COLUMN_TEXT),
    COLUMN(struct schema_row, sha256, COLUMN_TEXT),   COLUMN(struct schema_row, serves, COLUMN_INT),
    COLUMN(struct schema_row, routines, COLUMN_TEXT), {0},
};

void schema_read(const PGresult *applied, int row, struct schema_row *ret)
{
    column_read(schema_columns, applied, row, ret);
}

const struct schema schema_embedded = {migrations, MIGRATION_COUNT, &routines};

/* A migration beyond the program's own: its author knew which programs it leaves whole. */
static enum err compare_newer(const struct schema *schema, const struct schema_row *row,
                              struct fault *ret_fault)
{
    if (row->serves <= (int64_t)schema->count)
        return ERR_OK;
    return fault_set(ret_fault, ERR_CONFLICT, "",
                     "the database holds migration %04d_%s, which programs may serve that know "
                     "%d migrations; this one knows %zu: use a newer mete",
                     (int)row->number, row->name, (int)row->serves, schema->count);
}

/* 'number': the one that should come. */
static enum err compare_row(const struct schema *schema, const struct schema_row *row, int number,
                            struct fault *ret_fault)
{
    if (row->number != number)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "the database lacks migration %04d but holds %04d_%s", number,
                         (int)row->number, row->name);
    if (row->number > (int64_t)schema->count)
        return compare_newer(schema, row, ret_fault);
    if (strcmp(schema->migrations[number - 1].sha256, row->sha256) != 0)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "migration %04d_%s is not the one that was applied to the database: its "
                         "checksum differs",
                         (int)row->number, row->name);
    return ERR_OK;
}

/* Behind the migrations: of a database that is ahead, the routines are not looked at. */
static enum err compare_routines(const struct schema *schema, const PGresult *applied,
                                 struct fault *ret_fault)
{
    struct schema_row first;
    if (!schema->routines || pg_row_count(applied) != (int)schema->count || schema->count == 0)
        return ERR_OK;
    schema_read(applied, 0, &first);
    if (strstr(first.routines, schema->routines->sha256))
        return ERR_OK;
    return fault_set(ret_fault, ERR_STALE, "",
                     "the database holds the functions of another version: run \"mete migrate\"");
}

enum err schema_compare(const struct schema *schema, const PGresult *applied,
                        struct fault *ret_fault)
{
    int count = pg_row_count(applied);
    for (int i = 0; i < count; i++) {
        struct schema_row row;
        schema_read(applied, i, &row);
        enum err code = compare_row(schema, &row, i + 1, ret_fault);
        if (code)
            return code;
    }
    if ((size_t)count >= schema->count)
        return compare_routines(schema, applied, ret_fault);
    return fault_set(ret_fault, ERR_STALE, "",
                     "the database holds %d of %zu migrations: run \"mete migrate\"", count,
                     schema->count);
}

struct check {
    schema_fn *fn;
    void *arg;
};

static void on_read(void *arg, const struct pg_answer *answer)
{
    auto_free struct check *check = arg;
    struct fault fault;
    if (!answer->result) {
        check->fn(check->arg, answer->fault->code, answer->fault);
        return;
    }
    enum err code = schema_compare(&schema_embedded, answer->result, &fault);
    check->fn(check->arg, code, code ? &fault : NULL);
}

void schema_check(struct pg *pg, schema_fn *fn, void *arg)
{
    struct check *check = mem_alloc(sizeof(*check));
    *check = (struct check){fn, arg};
    pg_send(pg, QUERY_SCHEMA_READ, NULL, on_read, check);
}
