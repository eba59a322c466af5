// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/pg_bench.h"

#include "io/pg/pg_private.h"
#include "io/pg/row.h"
#include "unit/lib/pg_harness.h"

#include <stdio.h>

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

const char *pg_bench_conninfo;

static int answers; /* in all, for the order */

static void on_up(void *arg)
{
    ((struct pg_bench *)arg)->up_count++;
}

static void on_down(void *arg, const char *why)
{
    struct pg_bench *b = arg;
    b->down_count++;
    snprintf(b->why, sizeof(b->why), "%s", why);
}

static void on_unfit(void *arg, const char *why)
{
    struct pg_bench *b = arg;
    b->unfit_count++;
    snprintf(b->why, sizeof(b->why), "%s", why);
}

static void on_notify(void *arg, const char *payload)
{
    struct pg_bench *b = arg;
    snprintf(b->news, sizeof(b->news), "%s", payload);
}

static void on_tick(void *arg)
{
    loop_stop(((struct pg_bench *)arg)->loop);
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
    if (a->result && pg_row_count(a->result) && row_text(a->result, 0, 0))
        c->text = strdup(row_text(a->result, 0, 0));
}

const struct pg_options pg_bench_options = {
    .application_name = "test",
    .statements = statements,
    .statement_count = STATEMENT_COUNT,
    .groups = GROUP_MINE,
    .listen_channel = "news",
    .on_up = on_up,
    .on_down = on_down,
    .on_unfit = on_unfit,
    .on_notify = on_notify,
};

void pg_bench_start(void)
{
    pg_harness_start();
    pg_bench_conninfo = pg_harness_database("bench");
    free(pg_harness_ask(pg_bench_conninfo, "create table late (key text,"
                                           " unique (key) deferrable initially deferred)"));
}

struct pg_bench *pg_bench_new(struct pg_options options)
{
    struct pg_bench *b = calloc(1, sizeof(*b));
    b->loop = loop_new();
    b->tick = loop_timer_new(b->loop, on_tick, b);
    b->arena = arena_new(0);
    options.arg = b;
    if (!options.conninfo)
        options.conninfo = pg_bench_conninfo;
    b->pg = pg_new(b->loop, &options);
    return b;
}

struct pg_bench *pg_bench_up(struct pg_options options)
{
    struct pg_bench *b = pg_bench_new(options);
    run_until(b, b->up_count == 1);
    assert_true(pg_is_up(b->pg));
    return b;
}

void pg_bench_free(struct pg_bench *b)
{
    pg_free(b->pg);
    arena_free(b->arena);
    loop_timer_free(b->tick);
    loop_free(b->loop);
    free(b);
}

size_t pg_bench_pending(const struct pg_bench *b)
{
    return b->pg->pending.count + b->pg->refused.count;
}

void pg_bench_send(struct pg_bench *b, enum statement s, const char *value, struct call *c)
{
    struct pg_params p = {.arena = b->arena};
    pg_param_text(&p, value);
    *c = (struct call){0};
    pg_send(b->pg, s, &p, on_answer, c);
}

void pg_bench_check_works(struct pg_bench *b)
{
    struct call c;
    pg_bench_send(b, SQUARE, "12", &c);
    run_until(b, c.answer_count);
    assert_true(c.is_good);
    assert_string_equal(c.text, "144");
    free(c.text);
}
