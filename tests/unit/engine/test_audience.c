// SPDX-License-Identifier: GPL-3.0-or-later
/* The sample of visitors: answers come later, whatever is there already, and memory goes by itself.
 */
#include "base/clock.h"
#include "engine/audience/audience_private.h"
#include "store/connection.h"
#include "store/operate/migrate.h"
#include "unit/lib/pg_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct loop *loop;
static struct loop_timer *tick;
static bool is_ready;
static int answered; /* with a sample */

static const char visitor[] =
    "insert into environment (key, document) values ('e', '{\"time_zone\": \"UTC\"}');"
    "insert into writer default values;"
    "select visitor_event_partition((now() at time zone 'UTC')::date + i) from generate_series(0, "
    "1) i;"
    "insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, "
    "properties, writer, seq)"
    " values (slice_of('v'), 'v', gen_random_uuid(), (now() at time zone 'UTC')::date, 1, 'n', "
    "now(), '{\"country\": \"DE\"}', 1, 1)";

static void stop(void *arg)
{
    (void)arg;
    loop_stop(loop);
}

/* Runs the loop until the condition holds; fails the test after 30 s. */
#define run_until(condition)                                                                       \
    do {                                                                                           \
        int64_t end_us = clock_mono_us() + 60 * SECOND_US;                                         \
        while (!(condition)) {                                                                     \
            assert_true(clock_mono_us() < end_us);                                                 \
            loop_timer_set(tick, 1000);                                                            \
            loop_run(loop);                                                                        \
        }                                                                                          \
    } while (0)

static void on_ready(void *arg)
{
    (void)arg;
    is_ready = true;
}

static void on_unfit(void *arg, const char *why)
{
    (void)arg;
    fail_msg("%s", why);
}

static void on_sample(void *arg, struct audience_sample *sample, const struct pg_answer *answer)
{
    (void)arg;
    (void)answer;
    assert_non_null(sample);
    assert_int_equal(sample->count, 1);
    answered++;
}

static struct connection *connect_to(const char *conninfo)
{
    const struct connection_options options = {.user = CONNECTION_DESK,
                                               .conninfo = conninfo,
                                               .name = "test",
                                               .on_ready = on_ready,
                                               .on_unfit = on_unfit};
    struct connection *c = connection_open(loop, &options);
    run_until(is_ready);
    return c;
}

static void answers_come_later_and_samples_go(void **state)
{
    (void)state;
    const char *conninfo = pg_harness_database("audience");
    struct fault fault;
    assert_int_equal(migrate_apply(conninfo, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    free(pg_harness_ask(conninfo, visitor));
    loop = loop_new();
    tick = loop_timer_new(loop, stop, NULL);
    struct connection *c = connect_to(conninfo);
    struct thread_pool *pool = thread_pool_new_wide(loop, 2, 8);
    struct audience *a = audience_new(loop, connection_pg(c), pool);

    /* one is read for both */
    audience_ask(a, 1, on_sample, NULL);
    audience_ask(a, 1, on_sample, NULL);
    assert_int_equal(answered, 0);
    run_until(answered == 2);
    assert_null(a->readings);
    struct audience_sample *sample = audience_sample_ref(a->samples);
    assert_null(sample->next);
    answered = 1;

    /* it is there, and is told from the loop all the same */
    audience_ask(a, 1, on_sample, NULL);
    audience_ask(a, 1, on_sample, NULL);
    assert_int_equal(answered, 1);
    run_until(answered == 3);
    assert_ptr_equal(a->samples, sample);

    /* the next one is forgotten although nobody asks again */
    a->fresh_us = 1000;
    audience_ask(a, 1, on_sample, NULL);
    run_until(answered == 4 && !a->samples);
    /* but not by who holds it */
    assert_int_equal(sample->count, 1);
    assert_non_null(json_object_get(sample->rows[0].attributes, "country"));
    audience_sample_unref(sample);

    thread_pool_free(pool);
    connection_close(c);
    audience_free(a);
    loop_timer_free(tick);
    loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_later_and_samples_go),
    };
    pg_harness_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
