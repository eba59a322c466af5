// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/process/limit.h"
#include "base/token.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW UINT64_C(1000000000)

static void a_bucket_empties_and_fills(void **state)
{
    (void)state;
    struct limit_table *t = limit_table_new(16);
    struct limit_rate rate = limit_rate_of(10, 1, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(limit_take(t, &rate, "a", 1, NOW), 0);
    assert_int_equal(limit_take(t, &rate, "a", 1, NOW), 100000);
    assert_int_equal(limit_look(t, &rate, "a", 1, NOW + 40000), 60000);
    assert_int_equal(limit_take(t, &rate, "b", 1, NOW), 0);
    assert_int_equal(limit_look(t, &rate, "c", 1, NOW), 0);
    assert_int_equal(limit_take(t, &rate, "a", 1, NOW + 100000), 0);
    assert_true(limit_take(t, &rate, "a", 1, NOW + 100000) > 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(limit_take(t, &rate, "a", 1, NOW + 10000000), 0);
    assert_true(limit_take(t, &rate, "a", 1, NOW + 10000000) > 0);
}

static void none_is_no_limit(void **state)
{
    (void)state;
    struct limit_table *t = limit_table_new(16);
    struct limit_rate rate = limit_rate_of(0, 1, 5),
                      fast = limit_rate_of(INT64_C(5000000000), 1, 1);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(limit_take(t, &rate, "a", 1, NOW), 0);
    assert_int_equal(limit_look(t, &rate, "a", 1, NOW), 0);
    assert_int_equal(limit_take(t, &fast, "b", 1, NOW), 0);
}

/* Processes that all take from one bucket, as fast as they can. */
static void processes_share_a_bucket(void **state)
{
    (void)state;
    enum { PROCESSES = 4, BURST = 20000 };
    struct limit_table *t = limit_table_new(16);
    struct limit_rate rate = limit_rate_of(1, 1, BURST);
    int taken = 0, result[2];
    assert_int_equal(pipe(result), 0);
    for (int p = 0; p < PROCESSES; p++) {
        if (fork() != 0)
            continue;
        int count = 0;
        for (int i = 0; i < BURST; i++)
            count += limit_take(t, &rate, "a", 1, NOW) == 0;
        _exit(write(result[1], &count, sizeof(count)) != sizeof(count));
    }
    for (int p = 0; p < PROCESSES; p++) {
        int count, status;
        assert_int_equal(read(result[0], &count, sizeof(count)), sizeof(count));
        taken += count;
        wait(&status);
        assert_int_equal(status, 0);
    }
    assert_int_equal(taken, BURST);
}

/* A million strangers pass by; who is over the limit stays so, and none of the others is harmed. */
static void a_flood_washes_nobody_out(void **state)
{
    (void)state;
    struct limit_table *t = limit_table_new(1024);
    struct limit_rate rate = limit_rate_of(1, 60, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(limit_take(t, &rate, "greedy", 6, NOW), 0);
    for (uint32_t stranger = 0; stranger < 1000000; stranger++)
        assert_int_equal(limit_take(t, &rate, &stranger, sizeof(stranger), NOW), 0);
    assert_true(limit_take(t, &rate, "greedy", 6, NOW) > 0);
}

static void a_quota_is_for_a_day(void **state)
{
    (void)state;
    struct limit_table *t = limit_table_new(16);
    assert_true(limit_count(t, "a", 1, 20000, 60, 100));
    assert_false(limit_count(t, "a", 1, 20000, 41, 100));
    assert_true(limit_count(t, "a", 1, 20000, 40, 100));
    assert_false(limit_count(t, "a", 1, 20000, 1, 100));
    assert_true(limit_count(t, "b", 1, 20000, 100, 100));
    assert_true(limit_count(t, "a", 1, 20001, 100, 100));
    assert_false(limit_count(t, "a", 1, 20001, 1, 100));
}

static void who_is_forgotten_begins_anew(void **state)
{
    (void)state;
    struct limit_table *t = limit_table_new(16);
    struct limit_rate rate = limit_rate_of(1, 60, 2);
    limit_forget(t, "a", 1);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(limit_take(t, &rate, "a", 1, NOW), 0);
        assert_int_equal(limit_take(t, &rate, "a", 1, NOW), 0);
        assert_true(limit_take(t, &rate, "a", 1, NOW) > 0);
        limit_forget(t, "b", 1);
        assert_true(limit_look(t, &rate, "a", 1, NOW) > 0);
        limit_forget(t, "a", 1);
    }
}

#define RANDOM "0123456789abcdefghijklmnopqrstuvwxyzABCDE-_"

static void what_could_be_a_token(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_plausible;
    } cases[] = {
        {RANDOM, true},
        {"msk_" RANDOM, true},
        {"mck_" RANDOM, true},
        {"", false},
        {"guess", false},
        {"msk_", false},
        {RANDOM "=", false},
        {RANDOM " ", false},
        {"0" RANDOM RANDOM, false},
        {"msk+" RANDOM, false},
        {"msk_\xc3\xa4" RANDOM, false},
        {&RANDOM[1], false},
        {"123456789" RANDOM, false},
    };
    char made[TOKEN_LENGTH + 1];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(token_is_plausible(cases[i].text), cases[i].is_plausible);
    token_random(made);
    assert_true(token_is_plausible(made));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_empties_and_fills),
        cmocka_unit_test(none_is_no_limit),
        cmocka_unit_test(processes_share_a_bucket),
        cmocka_unit_test(a_flood_washes_nobody_out),
        cmocka_unit_test(a_quota_is_for_a_day),
        cmocka_unit_test(who_is_forgotten_begins_anew),
        cmocka_unit_test(what_could_be_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
