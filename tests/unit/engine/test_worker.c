// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/process/log.h"
#include "engine/worker.h"
#include "store/operate/migrate.h"
#include "unit/lib/pg_harness.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A campaign that runs, its metrics, one writer, and a function that stores what n visitors did. */
static const char world[] =
    "insert into environment (key, document) values ('e', '{\"time_zone\": \"UTC\"}');"
    "insert into metric (environment_id, key, document, definition) values"
    " (1, 'conversion', '{}', '{\"kind\": \"conversion\", \"numerator\": {\"event\": "
    "\"purchase\"}}'),"
    " (1, 'revenue', '{}', '{\"kind\": \"sum\", \"scale\": 100,"
    "   \"numerator\": {\"event\": \"purchase\", \"value\": \"value\"}}');"
    "insert into campaign (environment_id, key, kind, status, document, phase)"
    " values (1, 'c', 'experiment', 'running', '{}', 1);"
    "insert into phase (campaign_id, number, seed, document)"
    " values (1, 1, 's', '{\"variants\": [{\"key\": \"a\"}, {\"key\": \"b\"}]}');"
    "insert into campaign_metric (campaign_id, metric_id) select 1, id from metric;"
    "insert into writer default values;"
    "create sequence place;"
    "create function tell_readers() returns void language sql as $$"
    " insert into writer_head select slice, writer, max(seq) from visitor_event"
    " where visitor_id = 'v1' group by slice, writer"
    " on conflict (slice, writer) do update set seq = greatest(writer_head.seq, excluded.seq) $$;"
    /* Ends who is about to write into a table in a step; returns how many these were. */
    "create function kill_writing(into_table regclass) returns int language plpgsql as $$"
    " declare killed int; begin"
    "  execute format('lock table %s in share row exclusive mode', into_table);"
    "  for i in 1 .. 200 loop"
    "   perform pg_stat_clear_snapshot();"
    "   select count(pg_terminate_backend(pid)) into killed from pg_stat_activity"
    "   where datname = current_database() and application_name like 'worker%'"
    "         and query like '%slice_step%' and wait_event_type = 'Lock' and wait_event = "
    "'relation';"
    "   exit when killed > 0;"
    "   perform pg_sleep(0.01);"
    "  end loop;"
    "  return killed; end $$;"
    "create function shop(visitors int) returns void language sql as $$"
    " with stored as (insert into visitor_event (slice, visitor_id, event_id, day, environment_id,"
    "                                            name, ts, properties, writer, seq)"
    " select slice_of('v' || i), 'v' || i, gen_random_uuid(), (now() at time zone 'UTC')::date, 1, "
    "e.name,"
    "        now() - random() * interval '1 hour', e.properties::jsonb, 1, nextval('place')"
    " from generate_series(1, visitors) i"
    " cross join lateral (values"
    "  ('exposure', format('{\"campaign\": \"c\", \"phase\": 1, \"variant\": \"%s\"}',"
    "                      substr('ab', 1 + i % 2, 1))),"
    "  ('purchase', format('{\"value\": %s, \"transaction_id\": %s}', i, i % 89)),"
    "  ('refund', format('{\"value\": 1, \"transaction_id\": %s}', i % 89))) e (name, properties)"
    " returning slice, writer, seq)"
    " insert into writer_head select slice, writer, max(seq) from stored group by slice, writer"
    " on conflict (slice, writer) do update set seq = greatest(writer_head.seq, excluded.seq) $$;";

static const char digest[] = "select md5(concat("
                             "(select string_agg(t::text, '' order by t::text) from exposure t),"
                             "(select string_agg(t::text, '' order by t::text) from outcome t),"
                             "(select string_agg(t::text, '' order by t::text) from cohort t),"
                             "(select string_agg(t::text, '' order by t::text) from moment t)))";

/* Midnight may fall into the run. */
static const char today_and_tomorrow[] =
    "select count(visitor_event_partition((now() at time zone 'UTC')::date + i))"
    " from generate_series(0, 1) i";

static const char *conninfo;

static void ask(const char *sql)
{
    free(pg_harness_ask(conninfo, sql));
}

static void assert_answer(const char *sql, const char *wanted)
{
    char *answer = pg_harness_ask(conninfo, sql);
    assert_string_equal(answer, wanted);
    free(answer);
}

static int make_database(void **state)
{
    static int number;
    char name[32];
    (void)state;
    snprintf(name, sizeof(name), "worker%d", ++number);
    conninfo = pg_harness_database(name);
    struct fault fault;
    assert_int_equal(migrate_apply(conninfo, &schema_embedded, NULL, NULL, &fault), ERR_OK);
    ask(world);
    return 0;
}

static void on_unfit(void *arg, const char *why)
{
    (void)arg;
    fail_msg("unfit: %s", why);
}

static struct worker *begin(struct loop *l, const char *name)
{
    const struct worker_options options = {
        .conninfo = conninfo, .name = name, .on_unfit = on_unfit};
    return worker_new(l, &options);
}

/* Runs the loop until 'sql' answers 't', calling 'meanwhile' (or NULL) all the time. */
struct wait {
    struct loop *loop;
    struct loop_timer *timer;
    const char *sql;
    void (*meanwhile)(void);
    int64_t deadline_us;
};

static void on_wait(void *arg)
{
    struct wait *w = arg;
    if (w->meanwhile)
        w->meanwhile();
    char *answer = pg_harness_ask(conninfo, w->sql);
    bool is_true = strcmp(answer, "t") == 0;
    free(answer);
    if (is_true)
        loop_stop(w->loop);
    else if (clock_mono_us() > w->deadline_us)
        fail_msg("waited in vain for: %s", w->sql);
    else
        loop_timer_set(w->timer, 2000);
}

static void run_until(struct loop *l, const char *sql, void (*meanwhile)(void))
{
    struct wait w = {l, NULL, sql, meanwhile, clock_mono_us() + 60 * SECOND_US};
    w.timer = loop_timer_new(l, on_wait, &w);
    loop_timer_set(w.timer, 2000);
    loop_run(l);
    loop_timer_free(w.timer);
}

static void stop_loop(void *arg)
{
    loop_stop(arg);
}

static void results_follow_the_events(void **state)
{
    (void)state;
    struct loop *l = loop_new();
    struct worker *w = begin(l, "worker");
    run_until(l,
              "select to_regclass('visitor_event_' || to_char((now() at time zone 'UTC')::date + 3,"
              " 'YYYYMMDD')) is not null",
              NULL);
    ask("select shop(10)");
    run_until(l, "select count(*) = 10 from exposure", NULL);
    ask("insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, "
        "properties, writer, seq)"
        " values (slice_of('v1'), 'v1', gen_random_uuid(), (now() at time zone 'UTC')::date, 1,"
        " 'purchase', now(), '{\"value\": 12.34}', 1, nextval('place'));"
        "select tell_readers()");
    run_until(l, "select count(*) > 0 from outcome where unit_id = 'v1' and numerator >= 1234",
              NULL);
    worker_drain(w, stop_loop, l);
    loop_run(l);
    ask("select shop(20)");
    worker_free(w);
    assert_answer("select count(*) from exposure", "10");
    loop_free(l);
}

static void store_old_exposure(void)
{
    ask("select visitor_event_partition(date '2020-01-01')");
    ask("insert into late_event (slice, writer, from_day, seq)"
        " values (slice_of('v1'), 1, '2020-01-01', 1);"
        "insert into visitor_event (slice, visitor_id, event_id, day, environment_id, name, ts, "
        "properties, writer, seq) values (slice_of('v1'), 'v1', gen_random_uuid(), '2020-01-01', 1,"
        " 'exposure', '2020-01-01',"
        " '{\"campaign\": \"c\", \"phase\": 1, \"variant\": \"a\"}', 1, 1);"
        "select tell_readers()");
}

static void looks_are_stored(void **state)
{
    (void)state;
    store_old_exposure();
    struct loop *l = loop_new();
    struct worker *w = begin(l, "worker");
    run_until(l, "select count(*) = 1 from exposure", NULL);
    worker_free(w);
    w = begin(l, "worker");
    run_until(l, "select count(*) = 6 from look where day = '2020-01-01'", NULL);
    assert_answer("select string_agg(unit_count::text, '' order by variant, metric_id) from look"
                  " where day = '2020-01-01'",
                  "111000");
    worker_free(w);
    loop_free(l);
}

/* One connection waits for a row that somebody has locked; all else goes on. */
static void what_is_slow_holds_up_nothing_else(void **state)
{
    (void)state;
    store_old_exposure();
    PGconn *holder = PQconnectdb(conninfo);
    ask("insert into rejected_event (environment_id, received_at, reason, event)"
        " values (1, '2020-01-01', 'old', '{}')");
    PQclear(PQexec(holder, "begin; select from rejected_event for update"));
    assert_int_equal(PQtransactionStatus(holder), PQTRANS_INTRANS);
    struct loop *l = loop_new();
    struct worker *w = begin(l, "worker");
    run_until(l,
              "select count(*) > 0 from pg_stat_activity where application_name = 'worker care'"
              " and wait_event_type = 'Lock' and query like '%rejected_event%'",
              NULL);
    run_until(l, "select count(*) = 1 from exposure", NULL);
    ask("insert into job (environment_id, kind, input, actor) values (1, 'unheard', '{}', 'me')");
    run_until(l, "select state = 'failed' from job", NULL);
    worker_free(w);
    w = begin(l, "worker");
    run_until(l, "select count(*) = 6 from look where day = '2020-01-01'", NULL);
    assert_answer("select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock'"
                  " and application_name = 'worker care'",
                  "t");
    PQfinish(holder);
    worker_free(w);
    loop_free(l);
}

/* Each consumer's slices rest for as long as it says, whatever the others do. */
static void a_slice_that_was_read_rests(void **state)
{
    (void)state;
    ask(today_and_tomorrow);
    ask("update campaign_metric set is_computed = true");
    ask("update consumer set rest_ms = case name when 'results' then 3600000 else 0 end");
    ask("select shop(10)");
    struct loop *l = loop_new();
    struct worker *w = begin(l, "worker");
    run_until(l, "select consumer_backlog(1, 10) = 0 and consumer_backlog(2, 10) = 0", NULL);
    for (int i = 0; i < 5; i++) {
        ask("select shop(10)");
        run_until(l, "select consumer_backlog(2, 10) = 0", NULL);
    }
    assert_answer("select consumer_backlog(1, 1000)", "150");
    worker_free(w);
    loop_free(l);
}

enum { KILLS = 20, ROUNDS = 100 };
static int kill_count, round_count;
static PGconn *killer;

/* While events come in, ends backends in the middle of a step, before it writes into one table or
 * another. */
static void shop_and_kill(void)
{
    static const char *const kills[] = {
        "select kill_writing('exposure')",    "select kill_writing('outcome')",
        "select kill_writing('cohort')",      "select kill_writing('moment')",
        "select kill_writing('fold_cursor')",
    };
    ask(round_count < ROUNDS ? "select shop(200)" : "select shop(60)");
    round_count++;
    PQconsumeInput(killer);
    if (kill_count >= KILLS || PQisBusy(killer))
        return;
    for (PGresult *answer; (answer = PQgetResult(killer)); PQclear(answer)) {
        assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
        kill_count += atoi(PQgetvalue(answer, 0, 0));
    }
    if (kill_count < KILLS)
        assert_true(PQsendQuery(killer, kills[round_count % 5]));
}

static void killed_steps_change_nothing(void **state)
{
    (void)state;
    ask(today_and_tomorrow);
    struct loop *l = loop_new();
    struct worker *one = begin(l, "worker-1");
    struct worker *two = begin(l, "worker-2");
    killer = PQconnectdb(conninfo);
    assert_int_equal(PQstatus(killer), CONNECTION_OK);
    while (kill_count < KILLS || round_count < ROUNDS)
        run_until(l, "select true", shop_and_kill);
    PQfinish(killer);
    run_until(l, "select fold_backlog(10) = 0", NULL);
    worker_free(one);
    worker_free(two);
    loop_free(l);
    char *folded = pg_harness_ask(conninfo, digest);
    ask("select rebuild(array[1])");
    assert_answer(digest, folded);
    assert_answer("select count(*) from exposure", "200");
    ask("update cohort set unit_count = unit_count + 1");
    char *spoilt = pg_harness_ask(conninfo, digest);
    assert_string_not_equal(spoilt, folded);
    free(spoilt);
    free(folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(results_follow_the_events, make_database),
        cmocka_unit_test_setup(looks_are_stored, make_database),
        cmocka_unit_test_setup(what_is_slow_holds_up_nothing_else, make_database),
        cmocka_unit_test_setup(a_slice_that_was_read_rests, make_database),
        cmocka_unit_test_setup(killed_steps_change_nothing, make_database),
    };
    log_set_level(LOG_ERROR);
    pg_harness_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
