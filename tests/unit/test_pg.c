// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "io/pg.h"
#include "io/row.h"
#include "pg_harness.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { GROUP_MINE = 1, GROUP_OTHER = 2 };

enum statement {
    SQUARE,
    DIVIDE,
    SLEEP,
    NOTIFY,
    REPEAT,
    ADD_LATE,
    SETTING,
    OTHERS,
    STATEMENT_COUNT,
};

static const struct pg_statement statements[] = {
    [SQUARE] = {"square", "select $1::bigint * $1::bigint", 0},
    [DIVIDE] = {"divide", "select 1 / $1::int", GROUP_MINE},
    [SLEEP] = {"sleep", "select pg_sleep($1::float8)", GROUP_MINE},
    [NOTIFY] = {"notify", "select pg_notify('news', $1)", GROUP_MINE | GROUP_OTHER},
    [REPEAT] = {"repeat", "select repeat($1, 2)", GROUP_MINE},
    [ADD_LATE] = {"add_late", "insert into late (key) values ($1)", GROUP_MINE},
    [SETTING] = {"setting", "select current_setting($1)", GROUP_MINE},
    [OTHERS] = {"others", "select this is not SQL", GROUP_OTHER},
};

static const char *conninfo;

/* A connection and all it told. */
struct bench {
    struct loop *loop;
    struct loop_timer *tick;
    struct arena *arena;
    struct pg *pg;
    int up_count;
    int down_count;
    char why[256];
    char news[64];
};

/* One statement and its answer. */
struct call {
    int answer_count;
    int order;
    bool is_good;
    enum err code;
    char sqlstate[6];
    char constraint[32];
    char *text;
};

static int answers; /* in all, for the order */

static void on_up(void *arg)
{
    ((struct bench *)arg)->up_count++;
}

static void on_down(void *arg, const char *why)
{
    struct bench *b = arg;
    b->down_count++;
    snprintf(b->why, sizeof(b->why), "%s", why);
}

static void on_notify(void *arg, const char *payload)
{
    struct bench *b = arg;
    snprintf(b->news, sizeof(b->news), "%s", payload);
}

static void on_tick(void *arg)
{
    loop_stop(((struct bench *)arg)->loop);
}

static void on_answer(void *arg, const struct pg_answer *a)
{
    struct call *c = arg;
    c->answer_count++;
    c->order = answers++;
    c->is_good = a->result != NULL;
    c->code = a->result ? ERR_OK : a->fault->code;
    snprintf(c->sqlstate, sizeof(c->sqlstate), "%s", a->sqlstate);
    snprintf(c->constraint, sizeof(c->constraint), "%s", a->constraint);
    if (a->result && row_count(a->result) && row_text(a->result, 0, 0))
        c->text = strdup(row_text(a->result, 0, 0));
}

#define run_until(b, condition)                                                                    \
    do {                                                                                           \
        int64_t end_us = clock_mono_us() + 30 * SECOND_US;                                         \
        while (!(condition)) {                                                                     \
            assert_true(clock_mono_us() < end_us);                                                 \
            loop_timer_set((b)->tick, 1000);                                                       \
            loop_run((b)->loop);                                                                   \
        }                                                                                          \
    } while (0)

static const struct pg_options usual = {
    .application_name = "test",
    .statements = statements,
    .statement_count = STATEMENT_COUNT,
    .groups = GROUP_MINE,
    .listen_channel = "news",
    .on_up = on_up,
    .on_down = on_down,
    .on_notify = on_notify,
};

static struct bench *bench_new(struct pg_options options)
{
    struct bench *b = calloc(1, sizeof(*b));
    b->loop = loop_new();
    b->tick = loop_timer_new(b->loop, on_tick, b);
    b->arena = arena_new(0);
    options.arg = b;
    if (!options.conninfo)
        options.conninfo = conninfo;
    b->pg = pg_new(b->loop, &options);
    return b;
}

static struct bench *bench_up(struct pg_options options)
{
    struct bench *b = bench_new(options);
    run_until(b, b->up_count == 1);
    assert_true(pg_is_up(b->pg));
    return b;
}

static void bench_free(struct bench *b)
{
    pg_free(b->pg);
    arena_free(b->arena);
    loop_timer_free(b->tick);
    loop_free(b->loop);
    free(b);
}

static void send_text(struct bench *b, enum statement s, const char *value, struct call *c)
{
    struct pg_params p = {.arena = b->arena};
    pg_param_text(&p, value);
    *c = (struct call){0};
    pg_send(b->pg, s, &p, on_answer, c);
}

/* A value that must come: the connection works. */
static void check_works(struct bench *b)
{
    struct call c;
    send_text(b, SQUARE, "12", &c);
    run_until(b, c.answer_count);
    assert_true(c.is_good);
    assert_string_equal(c.text, "144");
    free(c.text);
}

static void answers_come_in_order(void **state)
{
    (void)state;
    enum { COUNT = 1000, CULPRIT = 500 };
    struct bench *b = bench_up(usual);
    struct call *calls = calloc(COUNT, sizeof(*calls));
    answers = 0;
    for (int i = 0; i < COUNT; i++) {
        char n[16];
        snprintf(n, sizeof(n), "%d", i == CULPRIT ? 0 : i);
        send_text(b, i == CULPRIT ? DIVIDE : SQUARE, n, &calls[i]);
        assert_int_equal(answers, 0);
    }
    assert_int_equal(pg_pending(b->pg), COUNT);
    run_until(b, pg_pending(b->pg) == 0);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(calls[i].answer_count, 1);
        assert_int_equal(calls[i].order, i);
        assert_int_equal(calls[i].is_good, i != CULPRIT);
        if (i != CULPRIT)
            assert_int_equal(atoi(calls[i].text), i * i);
        free(calls[i].text);
    }
    assert_string_equal(calls[CULPRIT].sqlstate, "22012");
    assert_int_equal(calls[CULPRIT].code, ERR_INVALID);
    assert_int_equal(b->down_count, 0);
    free(calls);
    bench_free(b);
}

/* The constraint is checked by the commit, after the statement itself was done. */
static void a_failed_commit_is_a_failed_statement(void **state)
{
    (void)state;
    struct bench *b = bench_up(usual);
    struct call first, second, third;
    send_text(b, ADD_LATE, "once", &first);
    send_text(b, ADD_LATE, "once", &second);
    send_text(b, ADD_LATE, "twice", &third);
    run_until(b, third.answer_count);
    assert_true(first.is_good);
    assert_int_equal(second.answer_count, 1);
    assert_false(second.is_good);
    assert_string_equal(second.sqlstate, "23505");
    assert_string_equal(second.constraint, "late_key_key");
    assert_int_equal(second.code, ERR_CONFLICT);
    assert_true(third.is_good);
    assert_int_equal(b->down_count, 0);
    check_works(b);
    bench_free(b);
}

static void check_lost_and_back(struct bench *b, struct call *calls, int count)
{
    run_until(b, b->down_count == 1);
    for (int i = 0; i < count; i++) {
        assert_int_equal(calls[i].answer_count, 1);
        assert_int_equal(calls[i].code, ERR_UNAVAILABLE);
        assert_string_equal(calls[i].sqlstate, "");
    }
    assert_true(b->why[0]);
    run_until(b, b->up_count == 2);
    check_works(b);
    for (int i = 0; i < count; i++)
        assert_int_equal(calls[i].answer_count, 1);
}

static void a_lost_connection_fails_what_is_pending_and_returns(void **state)
{
    (void)state;
    enum { COUNT = 50 };
    struct bench *b = bench_up(usual);
    struct call known, calls[COUNT];
    send_text(b, SQUARE, "3", &known);
    for (int i = 0; i < COUNT; i++)
        send_text(b, SLEEP, "100", &calls[i]);
    run_until(b, known.answer_count);
    free(known.text);
    free(pg_harness_ask(conninfo, "select pg_terminate_backend(pid) from pg_stat_activity"
                                  " where application_name = 'test'"));
    check_lost_and_back(b, calls, COUNT);
    bench_free(b);
}

static void a_hung_server_counts_as_lost(void **state)
{
    (void)state;
    struct pg_options options = usual;
    options.answer_timeout_us = SECOND_US / 2;
    struct bench *b = bench_up(options);
    struct call calls[2];
    assert_int_equal(pg_harness_signal("test", SIGSTOP), 1);
    send_text(b, SQUARE, "1", &calls[0]);
    send_text(b, SQUARE, "2", &calls[1]);
    check_lost_and_back(b, calls, 2);
    assert_string_equal(b->why, "the server does not answer");
    pg_harness_signal("test", SIGCONT);
    bench_free(b);
}

static void a_slow_pipeline_is_not_hung(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    struct pg_options options = usual;
    options.answer_timeout_us = SECOND_US;
    struct bench *b = bench_up(options);
    struct call calls[COUNT];
    for (int i = 0; i < COUNT; i++)
        send_text(b, SLEEP, "0.25", &calls[i]);
    run_until(b, pg_pending(b->pg) == 0);
    for (int i = 0; i < COUNT; i++)
        assert_true(calls[i].is_good);
    bench_free(b);
}

static void a_server_that_was_restarted_is_found_again(void **state)
{
    (void)state;
    struct bench *b = bench_up(usual);
    struct call c;
    send_text(b, SLEEP, "100", &c);
    pg_harness_crash();
    run_until(b, b->down_count >= 2);
    assert_int_equal(c.answer_count, 1);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
    assert_false(pg_is_up(b->pg));
    pg_harness_restart();
    run_until(b, b->up_count == 2);
    check_works(b);
    bench_free(b);
}

static void sending_while_down_is_answered_later(void **state)
{
    (void)state;
    struct pg_options options = usual;
    options.conninfo = "host=/nowhere";
    struct bench *b = bench_new(options);
    struct call c;
    send_text(b, SQUARE, "1", &c);
    assert_int_equal(c.answer_count, 0);
    assert_int_equal(pg_pending(b->pg), 1);
    run_until(b, c.answer_count);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
    run_until(b, b->down_count >= 2);
    assert_non_null(strstr(b->why, "/nowhere"));
    assert_int_equal(c.answer_count, 1);
    bench_free(b);
}

static void a_statement_that_cannot_be_prepared_keeps_it_down(void **state)
{
    (void)state;
    struct pg_options options = usual;
    options.groups = GROUP_MINE | GROUP_OTHER;
    struct bench *b = bench_new(options);
    run_until(b, b->down_count >= 2);
    assert_non_null(strstr(b->why, "cannot prepare others: "));
    assert_int_equal(b->up_count, 0);
    bench_free(b);
}

static void a_statement_of_another_group_is_a_broken_promise(void **state)
{
    (void)state;
    struct bench *b = bench_up(usual);
    pid_t pid = fork();
    if (pid == 0) {
        struct call c;
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        send_text(b, OTHERS, "1", &c);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    bench_free(b);
}

static void notifications_arrive(void **state)
{
    (void)state;
    struct bench *b = bench_up(usual);
    struct call c;
    send_text(b, NOTIFY, "version 7", &c);
    run_until(b, b->news[0]);
    assert_string_equal(b->news, "version 7");
    free(pg_harness_ask(conninfo, "notify news, 'version 8'"));
    run_until(b, strcmp(b->news, "version 8") == 0);
    free(c.text);
    bench_free(b);
}

/* Both directions at once, far beyond any socket buffer: neither side may wait for the other. */
static void values_larger_than_the_sockets_pass(void **state)
{
    (void)state;
    enum { COUNT = 4, BYTES = 5000000 };
    struct pg_options options = usual;
    options.answer_timeout_us = 10 * SECOND_US;
    struct bench *b = bench_up(options);
    char *value = malloc(BYTES + 1);
    memset(value, 'x', BYTES);
    value[BYTES] = '\0';
    struct call calls[COUNT];
    for (int i = 0; i < COUNT; i++)
        send_text(b, REPEAT, value, &calls[i]);
    run_until(b, pg_pending(b->pg) == 0);
    for (int i = 0; i < COUNT; i++) {
        assert_true(calls[i].is_good);
        assert_int_equal(strlen(calls[i].text), 2 * BYTES);
        free(calls[i].text);
    }
    free(value);
    bench_free(b);
}

static void check_setting(struct bench *b, const char *name, const char *value)
{
    struct call c;
    send_text(b, SETTING, name, &c);
    run_until(b, c.answer_count);
    assert_true(c.is_good);
    assert_string_equal(c.text, value);
    free(c.text);
}

static void the_session_is_set(void **state)
{
    (void)state;
    struct pg_options options = usual;
    options.statement_timeout_ms = 200;
    struct bench *b = bench_up(options);
    check_setting(b, "timezone", "UTC");
    check_setting(b, "datestyle", "ISO, YMD");
    check_setting(b, "client_encoding", "UTF8");
    check_setting(b, "application_name", "test");
    struct call c;
    send_text(b, SLEEP, "30", &c);
    run_until(b, c.answer_count);
    assert_string_equal(c.sqlstate, "57014");
    assert_int_equal(c.code, ERR_BUSY);
    bench_free(b);
}

static void closing_answers_what_is_pending(void **state)
{
    (void)state;
    struct bench *b = bench_up(usual);
    struct call c;
    send_text(b, SLEEP, "100", &c);
    bench_free(b);
    assert_int_equal(c.answer_count, 1);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlstates_are_errors),
        cmocka_unit_test(answers_come_in_order),
        cmocka_unit_test(a_failed_commit_is_a_failed_statement),
        cmocka_unit_test(a_lost_connection_fails_what_is_pending_and_returns),
        cmocka_unit_test(a_hung_server_counts_as_lost),
        cmocka_unit_test(a_slow_pipeline_is_not_hung),
        cmocka_unit_test(a_server_that_was_restarted_is_found_again),
        cmocka_unit_test(sending_while_down_is_answered_later),
        cmocka_unit_test(a_statement_that_cannot_be_prepared_keeps_it_down),
        cmocka_unit_test(a_statement_of_another_group_is_a_broken_promise),
        cmocka_unit_test(notifications_arrive),
        cmocka_unit_test(values_larger_than_the_sockets_pass),
        cmocka_unit_test(the_session_is_set),
        cmocka_unit_test(closing_answers_what_is_pending),
    };
    pg_harness_start();
    conninfo = pg_harness_database("pipeline");
    free(pg_harness_ask(conninfo, "create table late (key text,"
                                  " unique (key) deferrable initially deferred)"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
