// SPDX-License-Identifier: GPL-3.0-or-later
/* Work in threads: beside each other, bounded, each reported once through the loop. */
#include "io/net/thread_pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct world {
    struct loop *loop;
    struct thread_pool *pool;
    pthread_barrier_t both;
    int works, reports; /* works: under 'lock' */
    pthread_mutex_t lock;
};

static void init(struct world *w, size_t threads, size_t room)
{
    *w = (struct world){.loop = loop_new()};
    w->pool = thread_pool_new_wide(w->loop, threads, room);
    assert_int_equal(pthread_barrier_init(&w->both, NULL, 2), 0);
    assert_int_equal(pthread_mutex_init(&w->lock, NULL), 0);
}

static void end(struct world *w)
{
    thread_pool_free(w->pool);
    loop_free(w->loop);
    pthread_barrier_destroy(&w->both);
    pthread_mutex_destroy(&w->lock);
}

static void count(void *arg)
{
    struct world *w = arg;
    pthread_mutex_lock(&w->lock);
    w->works++;
    pthread_mutex_unlock(&w->lock);
}

/* Ends only when another piece runs too, or the test comes by. */
static void meet(void *arg)
{
    struct world *w = arg;
    pthread_barrier_wait(&w->both);
    count(w);
}

static void report(void *arg)
{
    struct world *w = arg;
    w->reports++;
}

static void pieces_run_beside_each_other(void **state)
{
    struct world w;
    (void)state;
    init(&w, 2, SIZE_MAX);
    for (int i = 0; i < 20; i++)
        thread_pool_send(w.pool, meet, report, &w);
    thread_pool_free(w.pool);
    w.pool = NULL;
    assert_int_equal(w.works, 20);
    assert_int_equal(w.reports, 20);
    end(&w);
}

static void what_finds_no_room_is_not_taken(void **state)
{
    struct world w;
    (void)state;
    init(&w, 1, 3);
    assert_int_equal(thread_pool_offer(w.pool, meet, report, &w), ERR_OK);
    assert_int_equal(thread_pool_offer(w.pool, count, report, &w), ERR_OK);
    assert_int_equal(thread_pool_offer(w.pool, count, report, &w), ERR_OK);
    assert_int_equal(thread_pool_offer(w.pool, count, report, &w), ERR_BUSY);
    assert_int_equal(w.works, 0);
    pthread_barrier_wait(&w.both);
    thread_pool_free(w.pool);
    w.pool = NULL;
    assert_int_equal(w.works, 3);
    assert_int_equal(w.reports, 3);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_run_beside_each_other),
        cmocka_unit_test(what_finds_no_room_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
