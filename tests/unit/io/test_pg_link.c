// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/column.h"
#include "unit/lib/pg_bench.h"
#include "unit/lib/pg_harness.h"

#include <signal.h>

static void check_lost_and_back(struct pg_bench *b, struct call *calls, int count)
{
    run_until(b, b->down_count == 1);
    for (int i = 0; i < count; i++) {
        assert_int_equal(calls[i].answer_count, 1);
        assert_int_equal(calls[i].code, ERR_UNAVAILABLE);
        assert_string_equal(calls[i].sqlstate, "");
    }
    assert_true(b->why[0]);
    run_until(b, b->up_count == 2);
    pg_bench_check_works(b);
    for (int i = 0; i < count; i++)
        assert_int_equal(calls[i].answer_count, 1);
}

static void a_lost_connection_fails_what_is_pending_and_returns(void **state)
{
    (void)state;
    enum { COUNT = 50 };
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call known, calls[COUNT];
    pg_bench_send(b, SQUARE, "3", &known);
    for (int i = 0; i < COUNT; i++)
        pg_bench_send(b, SLEEP, "100", &calls[i]);
    run_until(b, known.answer_count);
    free(known.text);
    free(pg_harness_ask(pg_bench_conninfo, "select pg_terminate_backend(pid) from pg_stat_activity"
                                           " where application_name = 'test'"));
    check_lost_and_back(b, calls, COUNT);
    pg_bench_free(b);
}

static void a_hung_server_counts_as_lost(void **state)
{
    (void)state;
    struct pg_options options = pg_bench_options;
    options.answer_timeout_us = SECOND_US / 2;
    struct pg_bench *b = pg_bench_up(options);
    struct call calls[2];
    assert_int_equal(pg_harness_signal("test", SIGSTOP), 1);
    pg_bench_send(b, SQUARE, "1", &calls[0]);
    pg_bench_send(b, SQUARE, "2", &calls[1]);
    check_lost_and_back(b, calls, 2);
    assert_string_equal(b->why, "the server does not answer");
    pg_harness_signal("test", SIGCONT);
    pg_bench_free(b);
}

static void a_slow_pipeline_is_not_hung(void **state)
{
    (void)state;
    enum { COUNT = 10 };
    struct pg_options options = pg_bench_options;
    options.answer_timeout_us = 2 * SECOND_US; /* longer than one, shorter than all */
    struct pg_bench *b = pg_bench_up(options);
    struct call calls[COUNT];
    for (int i = 0; i < COUNT; i++)
        pg_bench_send(b, SLEEP, "0.25", &calls[i]);
    run_until(b, pg_bench_pending(b) == 0);
    for (int i = 0; i < COUNT; i++) {
        assert_true(calls[i].is_good);
        free(calls[i].text);
    }
    pg_bench_free(b);
}

static void a_server_that_was_restarted_is_found_again(void **state)
{
    (void)state;
    struct pg_bench *b = pg_bench_up(pg_bench_options);
    struct call c;
    pg_bench_send(b, SLEEP, "100", &c);
    pg_harness_crash();
    run_until(b, b->down_count >= 2);
    assert_int_equal(c.answer_count, 1);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
    assert_false(pg_is_up(b->pg));
    pg_harness_restart();
    run_until(b, b->up_count == 2);
    pg_bench_check_works(b);
    pg_bench_free(b);
}

static void sending_while_down_is_answered_later(void **state)
{
    (void)state;
    struct pg_options options = pg_bench_options;
    options.conninfo = "host=/nowhere";
    struct pg_bench *b = pg_bench_new(options);
    struct call c;
    pg_bench_send(b, SQUARE, "1", &c);
    assert_int_equal(c.answer_count, 0);
    assert_int_equal(pg_bench_pending(b), 1);
    run_until(b, c.answer_count);
    assert_int_equal(c.code, ERR_UNAVAILABLE);
    run_until(b, b->down_count >= 2);
    assert_non_null(strstr(b->why, "/nowhere"));
    assert_int_equal(c.answer_count, 1);
    pg_bench_free(b);
}

static void a_statement_that_cannot_be_prepared_keeps_it_down(void **state)
{
    (void)state;
    struct pg_options options = pg_bench_options;
    options.groups = GROUP_MINE | GROUP_OTHER;
    struct pg_bench *b = pg_bench_new(options);
    run_until(b, b->down_count >= 2);
    assert_non_null(strstr(b->why, "cannot prepare others: "));
    assert_int_equal(b->up_count, 0);
    pg_bench_free(b);
}

struct square {
    int64_t n;
};

/* A connection that reads the answer of 'square' by this table. */
static struct pg_bench *bench_with(const struct column *square)
{
    const struct column *const columns[STATEMENT_COUNT] = {[SQUARE] = square};
    static const struct column *kept[STATEMENT_COUNT];
    struct pg_options options = pg_bench_options;
    memcpy(kept, columns, sizeof(kept));
    options.columns = kept;
    return pg_bench_new(options);
}

static void an_answer_of_other_columns_keeps_it_down_and_says_so(void **state)
{
    (void)state;
    static const struct column text[] = {
        {.name = "?column?", .kind = COLUMN_TEXT, .member = COLUMN_STRING}, {0}};
    static const struct column called[] = {COLUMN(struct square, n, COLUMN_INT), {0}};
    static const struct {
        const struct column *columns;
        const char *why;
    } cases[] = {
        {text, "statement square: column \"?column?\" is of type 20 and should be a text"},
        {called, "statement square: column 1 is \"?column?\" and should be \"n\""},
        {called + 1, "statement square: there are 1 columns and should be 0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pg_bench *b = bench_with(cases[i].columns);
        run_until(b, b->unfit_count);
        assert_string_equal(b->why, cases[i].why);
        assert_int_equal(b->up_count + b->down_count, 0);
        pg_bench_free(b);
    }
}

static void an_answer_of_its_columns_is_fine(void **state)
{
    (void)state;
    static const struct column fine[] = {
        {.name = "?column?", .kind = COLUMN_INT, .member = COLUMN_INT64}, {0}};
    struct pg_bench *b = bench_with(fine);
    run_until(b, b->up_count);
    pg_bench_check_works(b);
    assert_int_equal(b->unfit_count, 0);
    pg_bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_connection_fails_what_is_pending_and_returns),
        cmocka_unit_test(a_hung_server_counts_as_lost),
        cmocka_unit_test(a_slow_pipeline_is_not_hung),
        cmocka_unit_test(a_server_that_was_restarted_is_found_again),
        cmocka_unit_test(sending_while_down_is_answered_later),
        cmocka_unit_test(a_statement_that_cannot_be_prepared_keeps_it_down),
        cmocka_unit_test(an_answer_of_other_columns_keeps_it_down_and_says_so),
        cmocka_unit_test(an_answer_of_its_columns_is_fine),
    };
    pg_bench_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
