// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "io/net/loop.h"

#include <signal.h>
#include <string.h>

#define MS INT64_C(1000)

/* What happened, in order. */
struct story {
    struct loop *loop;
    char text[64];
    int64_t at_us;
};

static void add(struct story *s, char c)
{
    s->text[strlen(s->text)] = c;
}

static void on_a(void *arg)
{
    add(arg, 'a');
}

static void on_b(void *arg)
{
    add(arg, 'b');
}

static void on_end(void *arg)
{
    struct story *s = arg;
    add(s, '.');
    s->at_us = clock_mono_us();
    loop_stop(s->loop);
}

static void on_again(void *arg)
{
    struct story *s = arg;
    add(s, 'x');
    loop_defer(s->loop, strlen(s->text) < 40 ? on_again : on_end, s);
}

static void deferred_calls_come_later_and_in_order(void **state)
{
    struct story *s = *state;
    loop_defer(s->loop, on_a, s);
    loop_defer(s->loop, on_b, s);
    loop_defer(s->loop, on_a, s);
    loop_defer(s->loop, on_end, s);
    assert_string_equal(s->text, "");
    loop_run(s->loop);
    assert_string_equal(s->text, "aba.");
}

static void on_defer_pair(void *arg)
{
    struct story *s = arg;
    loop_defer(s->loop, on_b, s);
    loop_defer(s->loop, on_end, s);
    add(s, 'p');
}

static void a_deferred_call_may_defer(void **state)
{
    struct story *s = *state;
    loop_defer(s->loop, on_defer_pair, s);
    loop_defer(s->loop, on_a, s);
    loop_run(s->loop);
    assert_string_equal(s->text, "pab.");
}

/* Calls that defer for ever leave a timer its turn. */
static void deferring_does_not_starve_timers(void **state)
{
    struct story *s = *state;
    struct loop_timer *t = loop_timer_new(s->loop, on_a, s);
    loop_timer_set(t, 0);
    loop_defer(s->loop, on_again, s);
    loop_run(s->loop);
    const char *a = strchr(s->text, 'a');
    assert_non_null(a);
    assert_true(a - s->text < 5);
    loop_timer_free(t);
}

static void timers_fire_once_and_not_early(void **state)
{
    struct story *s = *state;
    struct loop_timer *end = loop_timer_new(s->loop, on_end, s);
    struct loop_timer *a = loop_timer_new(s->loop, on_a, s);
    struct loop_timer *b = loop_timer_new(s->loop, on_b, s);
    struct loop_timer *never = loop_timer_new(s->loop, on_b, s);
    int64_t before = clock_mono_us();
    loop_timer_set(b, 20 * MS);
    loop_timer_set(a, 10 * MS);
    loop_timer_set(never, 10 * MS);
    loop_timer_clear(never);
    loop_timer_set(end, 5 * MS);
    loop_timer_set(end, 40 * MS); /* the later word counts */
    loop_run(s->loop);
    assert_string_equal(s->text, "ab.");
    assert_true(s->at_us - before >= 35 * MS); /* libevent's clock may be coarse */
    loop_timer_set(end, -5);
    loop_run(s->loop);
    assert_string_equal(s->text, "ab..");
    loop_timer_free(end);
    loop_timer_free(a);
    loop_timer_free(b);
    loop_timer_free(never);
}

static void signals_arrive_in_the_loop(void **state)
{
    struct story *s = *state;
    loop_on_signal(s->loop, SIGUSR1, on_a, s);
    loop_on_signal(s->loop, SIGUSR2, on_end, s);
    raise(SIGUSR1);
    assert_string_equal(s->text, "");
    loop_defer(s->loop, on_b, s);
    raise(SIGUSR2);
    loop_run(s->loop);
    assert_non_null(strchr(s->text, 'a'));
    assert_non_null(strchr(s->text, '.'));
}

static void a_stop_before_the_run_is_not_lost(void **state)
{
    struct story *s = *state;
    loop_stop(s->loop);
    loop_run(s->loop);
    loop_defer(s->loop, on_end, s);
    loop_run(s->loop);
    assert_string_equal(s->text, ".");
}

static int set_up(void **state)
{
    static struct story story;
    story = (struct story){.loop = loop_new()};
    *state = &story;
    return 0;
}

static int tear_down(void **state)
{
    loop_free(((struct story *)*state)->loop);
    return 0;
}

#define looped(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        looped(deferred_calls_come_later_and_in_order),
        looped(a_deferred_call_may_defer),
        looped(deferring_does_not_starve_timers),
        looped(timers_fire_once_and_not_early),
        looped(signals_arrive_in_the_loop),
        looped(a_stop_before_the_run_is_not_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
