// SPDX-License-Identifier: GPL-3.0-or-later
/* What the role of running servers may, and where it is told so. */
#include "store/operate/migrate.h"

#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_value(const char *conninfo, const char *sql, const char *wanted)
{
    char *value = pg_harness_ask(conninfo, sql);
    assert_string_equal(value, wanted);
    free(value);
}

/* The runtime role reads and writes rows; what changes the schema or its record is refused. */
static void the_runtime_role_has_no_ddl(void **state)
{
    (void)state;
    const char *db = pg_harness_database("roles");
    char conninfo[256];
    struct fault fault;
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    snprintf(conninfo, sizeof(conninfo), "%s user=mete_runtime", db);
    assert_int_equal(migrate_check(conninfo, &schema_embedded, &fault), ERR_OK);
    static const char *const refused[] = {
        "create table mine (id int)",
        "drop table visitor_event",
        "alter table environment add column mine int",
        "delete from schema_migration",
        "insert into schema_migration (number, name, sha256, serves) values (9999, 'x', 'x', 1)",
    };
    PGconn *conn = pg_harness_connect(conninfo);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        PGresult *r = PQexec(conn, refused[i]);
        assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42501");
        PQclear(r);
    }
    PQfinish(conn);
    check_value(conninfo, "select count(*) from environment", "0");
}

static void a_runtime_role_made_later_is_served_too(void **state)
{
    (void)state;
    const char *db = pg_harness_database("late_role");
    char conninfo[256];
    struct fault fault;
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    free(pg_harness_ask(db, "revoke all on all tables in schema public from mete_runtime"));
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    snprintf(conninfo, sizeof(conninfo), "%s user=mete_runtime", db);
    assert_int_equal(migrate_check(conninfo, &schema_embedded, &fault), ERR_OK);
    check_value(conninfo, "select count(*) from environment", "0");
    check_value(conninfo, "select has_table_privilege('schema_migration', 'delete')", "f");
}

/* What the role may is told of the schema that the tables are made in, whatever its name. */
static void a_schema_of_another_name_is_served_too(void **state)
{
    (void)state;
    const char *db = pg_harness_database("other_schema");
    struct fault fault;
    free(pg_harness_ask(db, "create schema shop"));
    free(pg_harness_ask(db, "alter database other_schema set search_path = shop"));
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    check_value(db,
                "select current_schema() || count(*) from pg_tables where schemaname = 'public'",
                "shop0");
    check_value(
        db,
        "select string_agg(relname, ' ') from pg_class where relnamespace = 'shop'::regnamespace"
        " and relkind in ('r', 'p') and relname not like 'schema\\_%'"
        " and not has_table_privilege('mete_runtime', oid, 'select, insert')",
        "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_runtime_role_has_no_ddl),
        cmocka_unit_test(a_runtime_role_made_later_is_served_too),
        cmocka_unit_test(a_schema_of_another_name_is_served_too),
    };
    pg_harness_start();
    free(pg_harness_ask(pg_harness_database("roles_made"), "create role mete_runtime login"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
