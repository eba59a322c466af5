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
static struct connection *connection;
static struct thread_pool *pool;
static struct audience *audience;
static bool is_ready;
static int answered; /* with a sample */
static int refused;  /* with an error */

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

static void on_refused(void *arg, struct audience_sample *sample, const struct pg_answer *answer)
{
    (void)arg;
    assert_null(sample);
    assert_null(answer->result);
    refused++;
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

static const char *begin(const char *database, const char *events)
{
    const char *conninfo = pg_harness_database(database);
    struct fault fault;
    is_ready = false;
    answered = refused = 0;
    assert_int_equal(migrate_apply(conninfo, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    free(pg_harness_ask(conninfo, visitor));
    free(pg_harness_ask(conninfo, events));
    loop = loop_new();
    tick = loop_timer_new(loop, stop, NULL);
    connection = connect_to(conninfo);
    pool = thread_pool_new_wide(loop, 2, 8);
    audience = audience_new(loop, connection_pg(connection), pool);
    return conninfo;
}

static void end(void)
{
    thread_pool_free(pool);
    connection_close(connection);
    audience_free(audience);
    loop_timer_free(tick);
    loop_free(loop);
}

static void answers_come_later_and_samples_go(void **state)
{
    (void)state;
    begin("audience", "select 1");
    struct audience *a = audience;

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
    end();
}

/* The same event in a second environment. */
static const char more[] =
    "insert into environment (key, document) select 'f', document from environment;"
    "insert into visitor_event select (jsonb_populate_record(v, '{\"environment_id\": 2, \"seq\": "
    "2}')).* from visitor_event v";

static void environments_are_read_side_by_side(void **state)
{
    (void)state;
    begin("side", more);
    audience_ask(audience, 1, on_sample, NULL);
    audience_ask(audience, 2, on_sample, NULL);
    audience_ask(audience, 1, on_sample, NULL);
    assert_non_null(audience->readings);
    run_until(answered == 3);
    assert_null(audience->readings);
    assert_null(audience->samples->next->next);
    int64_t first = audience->samples->environment_id,
            second = audience->samples->next->environment_id;
    assert_int_equal(first + second, 3);
    end();
}

static void who_cannot_be_answered_is_told(void **state)
{
    (void)state;
    const char *conninfo = begin("told", "select 1");
    free(pg_harness_ask(conninfo, "alter table visitor_event rename to gone"));
    audience_ask(audience, 1, on_refused, NULL);
    audience_ask(audience, 2, on_refused, NULL);
    run_until(refused == 2);
    assert_null(audience->readings);
    assert_null(audience->samples);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_later_and_samples_go),
        cmocka_unit_test(environments_are_read_side_by_side),
        cmocka_unit_test(who_cannot_be_answered_is_told),
    };
    pg_harness_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
