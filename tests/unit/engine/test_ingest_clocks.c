// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of clocks: shared by processes, of fixed size, and open when one of them dies in it. */
#include "engine/ingest/ingest_clocks.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define S INT64_C(1000000)

static int64_t right(struct ingest_clocks *t, const struct ingest_sender *who, int64_t behind_s,
                     int64_t told_s)
{
    int64_t right_us = 0;
    assert_true(ingest_clocks_right(t, who, behind_s * S, told_s * S, &right_us));
    return right_us / S;
}

static const struct ingest_sender visitor = {"v", 1, true};

static void test_processes_agree(void **state)
{
    (void)state;
    struct ingest_clocks *t = ingest_clocks_new(16);
    pid_t child = fork();
    if (child == 0) {
        int64_t right_us;
        ingest_clocks_right(t, &visitor, 5 * S, 100 * S, &right_us);
        _exit(right_us != 100 * S);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(right(t, &visitor, -30, 110), 110);
    assert_int_equal(right(t, &visitor, -30, 200), 170);
}

static void test_senders_are_apart(void **state)
{
    (void)state;
    static const struct ingest_sender others[] = {
        {"w", 1, true}, {"v", 2, true}, {"v", 1, false}, {"", 1, true}};
    struct ingest_clocks *t = ingest_clocks_new(16);
    assert_int_equal(right(t, &visitor, 5, 100), 100);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_int_equal(right(t, &others[i], -30, 110), 80);
}

/* A crowd makes it forget, never grow; who keeps sending is not forgotten. */
static void test_crowd(void **state)
{
    (void)state;
    struct ingest_clocks *t = ingest_clocks_new(1);
    assert_int_equal(right(t, &visitor, 5, 100), 100);
    for (int i = 0; i < 1000; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%d", i);
        right(t, &(struct ingest_sender){id, 1, true}, -30, 110);
        assert_int_equal(right(t, &visitor, -30, 110), 110);
    }
}

/* Killed at any moment, also within: the next one goes on. */
static void test_killed_within(void **state)
{
    (void)state;
    struct ingest_clocks *t = ingest_clocks_new(16);
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        if (child == 0)
            for (int64_t n = 0, right_us;; n++)
                ingest_clocks_right(t, &visitor, 0, n, &right_us);
        usleep(500);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct ingest_sender fresh = {"fresh", i + 10, true};
        assert_int_equal(right(t, &fresh, 5, 100), 100);
        assert_int_equal(right(t, &fresh, -30, 110), 110);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_processes_agree),
        cmocka_unit_test(test_senders_are_apart),
        cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_killed_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
