// SPDX-License-Identifier: GPL-3.0-or-later
#include "sql/queries.h"
#include "store/operate/migrate.h"
#include "store/statement_private.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *database(void)
{
    static const char *db;
    struct fault fault;
    if (db)
        return db;
    db = pg_harness_database("statements");
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    return db;
}

static void print_description(const char *name, const PGresult *description)
{
    print_error("%s:", name);
    for (int i = 0; i < PQnfields(description); i++)
        print_error(" %s (type %u)", PQfname(description, i), PQftype(description, i));
    print_error("\n");
}

/* What the server itself says of each statement, against the table that its answer is read by. */
static void every_statement_has_the_columns_of_its_table(void **state)
{
    (void)state;
    PGconn *conn = pg_harness_connect(database());
    int wrong = 0;
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        struct fault fault;
        if (!statement_columns[i]) {
            wrong++;
            print_error("%s: nobody knows what it answers\n", queries[i].name);
            continue;
        }
        PQclear(PQprepare(conn, queries[i].name, queries[i].sql, 0, NULL));
        PGresult *r = PQdescribePrepared(conn, queries[i].name);
        assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
        if (column_check(statement_columns[i], r, &fault)) {
            wrong++;
            print_error("%s: ", fault.detail);
            print_description(queries[i].name, r);
        }
        PQclear(r);
    }
    assert_int_equal(wrong, 0);
    PQfinish(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_has_the_columns_of_its_table),
    };
    pg_harness_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
