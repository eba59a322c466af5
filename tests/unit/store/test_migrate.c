// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/loop.h"
#include "sql/queries.h"
#include "store/operate/migrate.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct migration first = {1, "one", "create table one (id int);", "aa", 1};
static const struct migration second = {2, "two", "create table two (id int);", "bb", 2};
static const struct migration broken = {2, "broken", "create table two (id int);\n\nselect x;",
                                        "cc", 2};
static const struct migration ending = {1, "ending", "create table one (id int); commit;", "dd", 1};
static const struct migration slow = {1, "slow", "select pg_sleep(0.3); create table one (id int);",
                                      "ee", 1};

static void count_applied(void *arg, const struct migration *m, int64_t took_us)
{
    (void)m;
    assert_true(took_us >= 0);
    ++*(int *)arg;
}

static void check_value(const char *conninfo, const char *sql, const char *wanted)
{
    char *value = pg_harness_ask(conninfo, sql);
    assert_string_equal(value, wanted);
    free(value);
}

static void what_is_missing_is_applied_once(void **state)
{
    (void)state;
    const char *db = pg_harness_database("missing");
    struct migration both[] = {first, second};
    struct fault fault;
    int count = 0;
    struct schema one = {both, 1, NULL}, two = {both, 2, NULL};
    assert_int_equal(migrate_check(db, &one, &fault), ERR_STALE);
    assert_int_equal(migrate_apply(db, &one, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(migrate_check(db, &one, &fault), ERR_OK);
    assert_int_equal(migrate_check(db, &two, &fault), ERR_STALE);
    assert_non_null(strstr(fault.detail, "1 of 2"));
    assert_int_equal(migrate_apply(db, &two, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(migrate_apply(db, &two, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 2);
    check_value(db,
                "select string_agg(number || name || sha256, ' ' order by number)"
                " from schema_migration",
                "1oneaa 2twobb");
    check_value(db, "select count(*) from one, two", "0");
}

static void a_changed_or_newer_schema_is_refused(void **state)
{
    (void)state;
    const char *db = pg_harness_database("changed");
    struct migration both[] = {first, second};
    struct fault fault;
    assert_int_equal(migrate_apply(db, &(struct schema){both, 2, NULL}, NULL, NULL, &fault),
                     ERR_OK);
    assert_int_equal(migrate_apply(db, &(struct schema){both, 1, NULL}, NULL, NULL, &fault),
                     ERR_CONFLICT);
    assert_non_null(strstr(fault.detail, "0002_two"));
    assert_non_null(strstr(fault.detail, "newer"));
    both[0].sha256 = "ab";
    assert_int_equal(migrate_apply(db, &(struct schema){both, 2, NULL}, NULL, NULL, &fault),
                     ERR_CONFLICT);
    assert_non_null(strstr(fault.detail, "0001_one"));
    assert_non_null(strstr(fault.detail, "checksum"));
    assert_int_equal(migrate_check(db, &(struct schema){both, 2, NULL}, &fault), ERR_CONFLICT);
    free(pg_harness_ask(db, "delete from schema_migration where number = 1"));
    both[0] = first;
    assert_int_equal(migrate_check(db, &(struct schema){both, 2, NULL}, &fault), ERR_CONFLICT);
    assert_non_null(strstr(fault.detail, "lacks"));
}

static void a_newer_schema_that_lets_older_programs_serve_is_fine(void **state)
{
    (void)state;
    const char *db = pg_harness_database("rolling");
    const struct migration third = {3, "three", "create table three (id int);", "cc", 2};
    struct migration all[] = {first, second, third};
    struct fault fault;
    int count = 0;
    assert_int_equal(migrate_apply(db, &(struct schema){all, 3, NULL}, NULL, NULL, &fault), ERR_OK);
    assert_int_equal(migrate_check(db, &(struct schema){all, 2, NULL}, &fault), ERR_OK);
    assert_int_equal(
        migrate_apply(db, &(struct schema){all, 2, NULL}, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(migrate_check(db, &(struct schema){all, 1, NULL}, &fault), ERR_CONFLICT);
    assert_non_null(strstr(fault.detail, "0002_two"));
    free(pg_harness_ask(db, "update schema_migration set serves = 1 where number = 2"));
    assert_int_equal(migrate_check(db, &(struct schema){all, 1, NULL}, &fault), ERR_CONFLICT);
    assert_non_null(strstr(fault.detail, "0003_three"));
    assert_non_null(strstr(fault.detail, "that know 2 migrations; this one knows 1"));
}

static void a_failing_migration_leaves_nothing(void **state)
{
    (void)state;
    const char *db = pg_harness_database("failing");
    struct migration both[] = {first, broken};
    struct fault fault;
    int count = 0;
    assert_int_equal(
        migrate_apply(db, &(struct schema){both, 2, NULL}, count_applied, &count, &fault),
        ERR_INTERNAL);
    assert_int_equal(count, 1);
    assert_non_null(strstr(fault.detail, "migration 0002_broken, line 3: "));
    check_value(db, "select count(*) from schema_migration", "1");
    check_value(db, "select to_regclass('two') is null", "t");
    both[1] = second;
    assert_int_equal(migrate_apply(db, &(struct schema){both, 2, NULL}, NULL, NULL, &fault),
                     ERR_OK);
}

static void a_migration_that_commits_is_refused(void **state)
{
    (void)state;
    const char *db = pg_harness_database("ending");
    struct fault fault;
    assert_int_equal(migrate_apply(db, &(struct schema){&ending, 1, NULL}, NULL, NULL, &fault),
                     ERR_INTERNAL);
    assert_non_null(strstr(fault.detail, "0001_ending"));
    check_value(db, "select count(*) from schema_migration", "0");
}

static const struct routine early_files[] = {
    {"functions/a/first.sql", "create function first() returns int language sql as"
                              " $$ select second() $$;"},
    {"functions/a/second.sql", "create function second() returns int language sql as"
                               " $$ select 2 $$;"},
    {"views/seen.sql", "create view seen as select first() as number;"},
};
static const struct routines early = {early_files, 3, "early"};

static const struct routine late_files[] = {
    {"functions/a/second.sql", "create function second() returns bigint language sql as"
                               " $$ select 22 $$;"},
    {"views/seen.sql", "create view seen as select second() as number, true as is_late;"},
};
static const struct routines late = {late_files, 2, "late"};

static void routines_are_made_anew_as_a_whole(void **state)
{
    (void)state;
    const char *db = pg_harness_database("routines");
    struct migration all[] = {first, second};
    struct fault fault;
    int count = 0;
    free(pg_harness_ask(db, "create function stranger() returns int language sql as 'select 5'"));
    struct schema before = {all, 1, &early}, after = {all, 1, &late};
    assert_int_equal(migrate_apply(db, &before, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 2);
    check_value(db, "select number from seen", "2");
    assert_int_equal(migrate_check(db, &after, &fault), ERR_STALE);
    assert_non_null(strstr(fault.detail, "functions of another version"));
    assert_int_equal(migrate_apply(db, &after, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(migrate_apply(db, &after, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 3);
    check_value(db, "select number || ' ' || is_late from seen", "22 true");
    check_value(db, "select to_regprocedure('first()') is null", "t");
    check_value(db, "select stranger()", "5");
    /* The program before may serve on, and its tool takes nothing back. */
    assert_int_equal(migrate_check(db, &before, &fault), ERR_OK);
    assert_int_equal(migrate_apply(db, &before, count_applied, &count, &fault), ERR_OK);
    assert_int_equal(count, 3);
}

static void routines_of_an_older_program_are_not_made(void **state)
{
    (void)state;
    const char *db = pg_harness_database("older");
    struct migration all[] = {first, second};
    struct fault fault;
    all[1].serves = 1;
    struct schema ahead = {all, 2, &late}, behind = {all, 1, &early};
    assert_int_equal(migrate_apply(db, &ahead, NULL, NULL, &fault), ERR_OK);
    assert_int_equal(migrate_check(db, &behind, &fault), ERR_OK);
    assert_int_equal(migrate_apply(db, &behind, NULL, NULL, &fault), ERR_OK);
    check_value(db, "select number from seen", "22");
}

static void a_wrong_body_leaves_the_routines_before(void **state)
{
    (void)state;
    const char *db = pg_harness_database("wrong_body");
    struct migration all[] = {first};
    struct fault fault;
    static const struct routine wrong_file = {"functions/a/wrong.sql",
                                              "create function wrong() returns int language sql as"
                                              " $$ select nobody() $$;"};
    static const struct routine broken_file = {"views/broken.sql", "create view broken as"};
    const struct routines wrong = {&wrong_file, 1, "wrong"}, bad = {&broken_file, 1, "bad"};
    assert_int_equal(migrate_apply(db, &(struct schema){all, 1, &early}, NULL, NULL, &fault),
                     ERR_OK);
    assert_int_not_equal(migrate_apply(db, &(struct schema){all, 1, &wrong}, NULL, NULL, &fault),
                         ERR_OK);
    assert_non_null(strstr(fault.detail, "nobody()"));
    assert_int_not_equal(migrate_apply(db, &(struct schema){all, 1, &bad}, NULL, NULL, &fault),
                         ERR_OK);
    assert_non_null(strstr(fault.detail, "sql/views/broken.sql: "));
    check_value(db, "select number from seen", "2");
}

static pid_t apply_slowly(const char *db)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct fault fault;
        int count = 0;
        enum err code =
            migrate_apply(db, &(struct schema){&slow, 1, NULL}, count_applied, &count, &fault);
        _exit(code ? 100 : count);
    }
    return pid;
}

static void of_two_at_once_one_waits(void **state)
{
    (void)state;
    const char *db = pg_harness_database("racing");
    pid_t pids[2] = {apply_slowly(db), apply_slowly(db)};
    int applied = 0;
    for (int i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        applied += WEXITSTATUS(status);
    }
    assert_int_equal(applied, 1);
}

static void an_unreachable_server_is_told(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(
        migrate_apply("host=/nowhere", &(struct schema){&first, 1, NULL}, NULL, NULL, &fault),
        ERR_UNAVAILABLE);
    assert_non_null(strstr(fault.detail, "/nowhere"));
}

static void every_query_can_be_prepared(void **state)
{
    (void)state;
    const char *db = pg_harness_database("prepared");
    struct fault fault;
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    PGconn *conn = pg_harness_connect(db);
    int failed_count = 0;
    assert_true(QUERY_COUNT > 0);
    for (int i = 0; i < QUERY_COUNT; i++) {
        PGresult *r = PQprepare(conn, queries[i].name, queries[i].sql, 0, NULL);
        if (PQresultStatus(r) != PGRES_COMMAND_OK) {
            failed_count++;
            print_error("%s: %s", queries[i].name, PQresultErrorMessage(r));
        }
        PQclear(r);
    }
    assert_int_equal(failed_count, 0);
    PQfinish(conn);
}

struct checked {
    struct loop *loop;
    struct pg *pg;
    int count;
    enum err code;
    char detail[512];
};

static void on_checked(void *arg, enum err code, const struct fault *fault)
{
    struct checked *c = arg;
    c->count++;
    c->code = code;
    snprintf(c->detail, sizeof(c->detail), "%s", fault ? fault->detail : "");
    loop_stop(c->loop);
}

static void on_up(void *arg)
{
    struct checked *c = arg;
    schema_check(c->pg, on_checked, c);
}

static struct checked check_over_loop(const char *conninfo)
{
    struct checked c = {.loop = loop_new()};
    const struct pg_options options = {.conninfo = conninfo,
                                       .statements = queries,
                                       .statement_count = QUERY_COUNT,
                                       .on_up = on_up,
                                       .arg = &c};
    c.pg = pg_new(c.loop, &options);
    loop_run(c.loop);
    pg_free(c.pg);
    loop_free(c.loop);
    assert_int_equal(c.count, 1);
    return c;
}

static void a_process_checks_the_schema_it_meets(void **state)
{
    (void)state;
    const char *db = pg_harness_database("met");
    struct fault fault;
    assert_int_equal(migrate_apply(db, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    assert_int_equal(check_over_loop(db).code, ERR_OK);
    free(pg_harness_ask(db, "update schema_migration set sha256 = 'other' where number = 1"));
    struct checked changed = check_over_loop(db);
    assert_int_equal(changed.code, ERR_CONFLICT);
    assert_non_null(strstr(changed.detail, "checksum"));
    free(pg_harness_ask(db, "delete from schema_migration"));
    assert_int_equal(check_over_loop(db).code, ERR_STALE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_applied_once),
        cmocka_unit_test(a_changed_or_newer_schema_is_refused),
        cmocka_unit_test(a_newer_schema_that_lets_older_programs_serve_is_fine),
        cmocka_unit_test(a_failing_migration_leaves_nothing),
        cmocka_unit_test(a_migration_that_commits_is_refused),
        cmocka_unit_test(routines_are_made_anew_as_a_whole),
        cmocka_unit_test(routines_of_an_older_program_are_not_made),
        cmocka_unit_test(a_wrong_body_leaves_the_routines_before),
        cmocka_unit_test(of_two_at_once_one_waits),
        cmocka_unit_test(an_unreachable_server_is_told),
        cmocka_unit_test(every_query_can_be_prepared),
        cmocka_unit_test(a_process_checks_the_schema_it_meets),
    };
    pg_harness_start();
    free(pg_harness_ask(pg_harness_database("roles_made"), "create role mete_runtime login"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
