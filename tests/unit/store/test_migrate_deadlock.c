// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/migrate.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TABLES "create table first (id int); create table second (id int);"
/* Takes the first table, and asks for the second once the other session asks for the first; when
 * that one has gone, at once. */
#define CROSSING                                                                                   \
    "lock table first; do $$ begin while not exists (select from pg_locks"                         \
    " where relation = 'first'::regclass and not granted) and exists (select from pg_locks"        \
    " where relation = 'second'::regclass) loop perform pg_sleep(0.01); end loop; end $$;"         \
    "alter table second add column late int;"

static const struct routine crossing_file = {"views/late.sql", CROSSING
                                             "create view late as select late from second;"};
static const struct routines crossing_routines = {&crossing_file, 1, "ff"};

/* Has the second table, and will not be the one that is ended. */
static PGconn *server_begin(const char *db)
{
    PGconn *c = pg_harness_connect(db);
    PQclear(PQexec(c, "set deadlock_timeout = '1h'"));
    PGresult *r = PQexec(c, "begin; lock table second in row exclusive mode");
    assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
    PQclear(r);
    return c;
}

static void server_go_on(PGconn *c, const char *db)
{
    char *is_taken = NULL;
    do {
        free(is_taken);
        is_taken = pg_harness_ask(
            db, "select exists (select from pg_locks where relation = 'first'::regclass)");
    } while (strcmp(is_taken, "t") != 0);
    free(is_taken);
    PGresult *r = PQexec(c, "lock table first in row exclusive mode; commit");
    assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
    PQclear(r);
    PQfinish(c);
}

static void check_begun_again(const char *db, const struct schema *schema)
{
    PGconn *c = server_begin(db);
    pid_t pid = fork();
    if (pid == 0) {
        struct fault fault;
        _exit((int)migrate_apply(db, schema, NULL, NULL, &fault));
    }
    server_go_on(c, db);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ERR_OK);
    char *count = pg_harness_ask(
        db, "select count(*) from information_schema.columns where column_name = 'late'");
    assert_string_equal(count[0] == '0' ? "none" : "some", "some");
    free(count);
}

static void a_migration_in_a_deadlock_begins_again(void **state)
{
    (void)state;
    const struct migration crossing = {1, "crossing", CROSSING, "aa", 1};
    const char *db = pg_harness_database("crossing");
    free(pg_harness_ask(db, TABLES));
    check_begun_again(db, &(struct schema){&crossing, 1, NULL});
}

static void routines_in_a_deadlock_are_made_again(void **state)
{
    (void)state;
    const struct migration plain = {1, "plain", TABLES, "aa", 1};
    const char *db = pg_harness_database("routines");
    struct fault fault;
    assert_int_equal(migrate_apply(db, &(struct schema){&plain, 1, NULL}, NULL, NULL, &fault),
                     ERR_OK);
    check_begun_again(db, &(struct schema){&plain, 1, &crossing_routines});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_migration_in_a_deadlock_begins_again),
        cmocka_unit_test(routines_in_a_deadlock_are_made_again),
    };
    pg_harness_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
