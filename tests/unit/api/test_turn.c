// SPDX-License-Identifier: GPL-3.0-or-later
/* Who waits is called once, in time or at the end; who comes when too many wait is not. */
#include "api/access/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST    256 /* as ARCHITECTURE.md says */
#define HOUR_US (3600 * INT64_C(1000000))

struct caller {
    struct loop *loop;
    int calls;
};

static void on_turn(void *arg)
{
    struct caller *c = arg;
    c->calls++;
    loop_stop(c->loop);
}

static void whose_turn_it_is_does_not_wait(void **state)
{
    (void)state;
    struct caller c = {.loop = loop_new()};
    struct turn_queue *q = turn_queue_new(c.loop);
    assert_int_equal(turn_wait(q, 0, on_turn, &c), ERR_OK);
    assert_int_equal(c.calls, 1);
    turn_queue_free(q);
    assert_int_equal(c.calls, 1);
    loop_free(c.loop);
}

static void some_wait_and_one_more_is_refused(void **state)
{
    (void)state;
    struct caller c = {.loop = loop_new()}, soon = c;
    struct turn_queue *q = turn_queue_new(c.loop);
    for (int i = 1; i < MOST; i++)
        assert_int_equal(turn_wait(q, HOUR_US, on_turn, &c), ERR_OK);
    assert_int_equal(turn_wait(q, 1000, on_turn, &soon), ERR_OK);
    assert_int_equal(turn_wait(q, 1, on_turn, &c), ERR_BUSY);
    loop_run(c.loop);
    assert_int_equal(soon.calls, 1);
    assert_int_equal(turn_wait(q, HOUR_US, on_turn, &c), ERR_OK);
    assert_int_equal(turn_wait(q, HOUR_US, on_turn, &c), ERR_BUSY);
    assert_int_equal(turn_wait(q, 0, on_turn, &soon), ERR_OK);
    assert_int_equal(soon.calls, 2);
    assert_int_equal(c.calls, 0);
    turn_queue_free(q);
    assert_int_equal(c.calls, MOST);
    loop_free(c.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_turn_it_is_does_not_wait),
        cmocka_unit_test(some_wait_and_one_more_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
