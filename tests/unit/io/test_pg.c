// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/pg_bench.h"
#include "unit/lib/pg_harness.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void sqlstates_are_errors(void **state)
{
    (void)state;
    assert_int_equal(pg_sqlstate_err("23505"), ERR_CONFLICT);
    assert_int_equal(pg_sqlstate_err("23502"), ERR_INVALID);
    assert_int_equal(pg_sqlstate_err("22P02"), ERR_INVALID);
    assert_int_equal(pg_sqlstate_err("40001"), ERR_BUSY);
    assert_int_equal(pg_sqlstate_err("40P01"), ERR_BUSY);
    assert_int_equal(pg_sqlstate_err("57014"), ERR_BUSY);
    assert_int_equal(pg_sqlstate_err("57P01"), ERR_UNAVAILABLE);
    assert_int_equal(pg_sqlstate_err("08006"), ERR_UNAVAILABLE);
    assert_int_equal(pg_sqlstate_err("53100"), ERR_UNAVAILABLE);
    assert_int_equal(pg_sqlstate_err("53300"), ERR_BUSY);
    assert_int_equal(pg_sqlstate_err("42P01"), ERR_INTERNAL);
    assert_int_equal(pg_sqlstate_err(""), ERR_INTERNAL);
}

static void answers_come_in_order(void **state)
{
    (void)state;
    enum { COUNT = 1000, CULPRIT = 500 };
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call *calls = calloc(COUNT, sizeof(*calls));
    for (int i = 0; i < COUNT; i++) {
        char n[16];
        snprintf(n, sizeof(n), "%d", i == CULPRIT ? 0 : i);
        pg_bench_send(b, i == CULPRIT ? DIVIDE : SQUARE, n, &calls[i]);
        assert_int_equal(calls[0].answer_count, 0);
    }
    assert_int_equal(pg_bench_pending(b), COUNT);
    run_until(b, pg_bench_pending(b) == 0);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(calls[i].answer_count, 1);
        assert_int_equal(calls[i].order, calls[0].order + i);
        assert_int_equal(calls[i].is_good, i != CULPRIT);
        if (i != CULPRIT)
            assert_int_equal(atoi(calls[i].text), i * i);
        free(calls[i].text);
    }
    assert_string_equal(calls[CULPRIT].sqlstate, "22012");
    assert_int_equal(calls[CULPRIT].code, ERR_INVALID);
    assert_int_equal(b->down_count, 0);
    free(calls);
    pg_bench_free(b);
}

/* The constraint is checked by the commit, after the statement itself was done. */
static void a_failed_commit_is_a_failed_statement(void **state)
{
    (void)state;
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call first, second, third;
    pg_bench_send(b, ADD_LATE, "once", &first);
    pg_bench_send(b, ADD_LATE, "once", &second);
    pg_bench_send(b, ADD_LATE, "twice", &third);
    run_until(b, third.answer_count);
    assert_true(first.is_good);
    assert_int_equal(second.answer_count, 1);
    assert_false(second.is_good);
    assert_string_equal(second.sqlstate, "23505");
    assert_string_equal(second.constraint, "late_key_key");
    assert_int_equal(second.code, ERR_CONFLICT);
    assert_true(third.is_good);
    assert_int_equal(b->down_count, 0);
    pg_bench_check_works(b);
    pg_bench_free(b);
}

static void send_others(struct pg_bench *b)
{
    struct call c;
    pg_bench_send(b, OTHERS, "1", &c);
}

static void free_in_answer(void *arg, const struct pg_answer *answer)
{
    struct pg_bench *b = arg;
    (void)answer;
    pg_free(b->pg);
    loop_stop(b->loop);
}

static void free_from_inside(struct pg_bench *b)
{
    struct pg_params p = {.arena = b->arena};
    pg_param_int(&p, 1);
    pg_send(b->pg, SQUARE, &p, free_in_answer, b);
    loop_run(b->loop);
}

/* Whether it ends the program; tried in a child. */
static bool dies(void (*fn)(struct pg_bench *b), struct pg_bench *b)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        fn(b);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void broken_promises_end_the_program(void **state)
{
    (void)state;
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    assert_true(dies(send_others, b));
    assert_true(dies(free_from_inside, b));
    pg_bench_free(b);
}

static void notifications_arrive(void **state)
{
    (void)state;
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call c;
    pg_bench_send(b, NOTIFY, "version 7", &c);
    run_until(b, b->news[0]);
    assert_string_equal(b->news, "version 7");
    free(pg_harness_ask(pg_bench_conninfo, "notify news, 'version 8'"));
    run_until(b, strcmp(b->news, "version 8") == 0);
    free(c.text);
    pg_bench_free(b);
}

/* Both directions at once, far beyond any socket buffer: neither side may wait for the other. */
static void values_larger_than_the_sockets_pass(void **state)
{
    (void)state;
    enum { COUNT = 4, BYTES = 5000000 };
    struct pg_options options = pg_bench_options;
    options.answer_timeout_us = 10 * SECOND_US;
    struct pg_bench *b = pg_bench_up(options);
    char *value = malloc(BYTES + 1);
    memset(value, 'x', BYTES);
    value[BYTES] = '\0';
    struct call calls[COUNT];
    for (int i = 0; i < COUNT; i++)
        pg_bench_send(b, REPEAT, value, &calls[i]);
    run_until(b, pg_bench_pending(b) == 0);
    for (int i = 0; i < COUNT; i++) {
        assert_true(calls[i].is_good);
        assert_int_equal(strlen(calls[i].text), 2 * BYTES);
        free(calls[i].text);
    }
    free(value);
    pg_bench_free(b);
}

static void check_setting(struct pg_bench *b, const char *name, const char *value)
{
    struct call c;
    pg_bench_send(b, SETTING, name, &c);
    run_until(b, c.answer_count);
    assert_true(c.is_good);
    assert_string_equal(c.text, value);
    free(c.text);
}

static void the_session_is_set(void **state)
{
    (void)state;
    struct pg_options options = pg_bench_options;
    options.statement_timeout_ms = 200;
    struct pg_bench *b = pg_bench_up(options);
    check_setting(b, "timezone", "UTC");
    check_setting(b, "datestyle", "ISO, YMD");
    check_setting(b, "client_encoding", "UTF8");
    check_setting(b, "application_name", "test");
    struct call c;
    pg_bench_send(b, SLEEP, "30", &c);
    run_until(b, c.answer_count);
    assert_string_equal(c.sqlstate, "57014");
    assert_int_equal(c.code, ERR_BUSY);
    pg_bench_free(b);
}

static void closing_answers_what_is_pending(void **state)
{
    (void)state;
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call c;
    pg_bench_send(b, SLEEP, "100", &c);
    pg_bench_free(b);
    assert_int_equal(c.answer_count, 1);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlstates_are_errors),
        cmocka_unit_test(answers_come_in_order),
        cmocka_unit_test(a_failed_commit_is_a_failed_statement),
        cmocka_unit_test(broken_promises_end_the_program),
        cmocka_unit_test(notifications_arrive),
        cmocka_unit_test(values_larger_than_the_sockets_pass),
        cmocka_unit_test(the_session_is_set),
        cmocka_unit_test(closing_answers_what_is_pending),
    };
    pg_bench_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
