// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema.h"

#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

enum { COLUMN_NUMBER, COLUMN_NAME, COLUMN_SHA256, COLUMN_SERVES };

const struct schema schema_embedded = {migrations, MIGRATION_COUNT};

/* A migration beyond the program's own: its author knew which programs it leaves whole. */
static enum err compare_newer(const struct schema *schema, const PGresult *applied, int row,
                              struct fault *ret_fault)
{
    int64_t serves = row_int(applied, row, COLUMN_SERVES);
    if (serves <= (int64_t)schema->count)
        return ERR_OK;
    return fault_set(ret_fault, ERR_CONFLICT, "",
                     "the database holds migration %04d_%s, which programs may serve that know "
                     "%d migrations; this one knows %zu: use a newer mete",
                     (int)row_int(applied, row, COLUMN_NUMBER), row_text(applied, row, COLUMN_NAME),
                     (int)serves, schema->count);
}

static enum err compare_row(const struct schema *schema, const PGresult *applied, int row,
                            struct fault *ret_fault)
{
    int64_t number = row_int(applied, row, COLUMN_NUMBER);
    const char *name = row_text(applied, row, COLUMN_NAME);
    if (number != row + 1)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "the database lacks migration %04d but holds %04d_%s", row + 1,
                         (int)number, name);
    if (number > (int64_t)schema->count)
        return compare_newer(schema, applied, row, ret_fault);
    if (strcmp(schema->migrations[row].sha256, row_text(applied, row, COLUMN_SHA256)) != 0)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "migration %04d_%s is not the one that was applied to the database: its "
                         "checksum differs",
                         (int)number, name);
    return ERR_OK;
}

enum err schema_compare(const struct schema *schema, const PGresult *applied,
                        struct fault *ret_fault)
{
    int count = row_count(applied);
    for (int row = 0; row < count; row++) {
        enum err code = compare_row(schema, applied, row, ret_fault);
        if (code)
            return code;
    }
    if ((size_t)count >= schema->count)
        return ERR_OK;
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
