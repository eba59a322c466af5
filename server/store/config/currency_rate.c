// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/config/currency_rate.h"

#include "base/clock.h"
#include "store/columns.h"

#include <string.h>

const struct column currency_rate_put_columns[] = {
    COLUMN(struct currency_rate_put_row, changed_count, COLUMN_INT),
    COLUMN(struct currency_rate_put_row, total_count, COLUMN_INT),
    {0},
};

void currency_rate_send_list(struct pg *pg, const struct currency_rate_question *q,
                             pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, q->environment_id);
    pg_param_text(&params, q->currency);
    pg_param_text(&params, q->before);
    pg_param_int(&params, q->rows);
    pg_send(pg, QUERY_CURRENCY_RATE_LIST, &params, fn, arg);
}

void currency_rate_send_own(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, environment_id);
    pg_send(pg, QUERY_CURRENCY_RATE_OWN, &params, fn, arg);
}

void currency_rate_send_delete(struct pg *pg, const struct currency_rate_range *range,
                               pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, range->actor);
    pg_param_int(&params, range->environment_id);
    pg_param_text(&params, range->currency);
    pg_param_text(&params, range->from);
    pg_param_text(&params, range->to);
    pg_send(pg, QUERY_CURRENCY_RATE_DELETE, &params, fn, arg);
}

void currency_rate_send_put(struct pg *pg, const struct currency_rate_portion *portion,
                            pg_answer_fn *fn, void *arg)
{
    const struct rate *rates = portion->rates;
    size_t count = portion->count;
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct pg_array *lists[5];
    for (size_t k = 0; k < 5; k++)
        lists[k] = pg_array_new(arena, PG_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        char day[CLOCK_TEXT_SIZE];
        clock_format((int64_t)rates[i].day * DAY_US, day);
        pg_array_text(lists[0], rates[i].currency, 3);
        pg_array_text(lists[1], day, strlen("2026-11-27"));
        pg_array_text(lists[2], rates[i].base, 3);
        pg_array_text(lists[3], rates[i].rate, strlen(rates[i].rate));
        pg_array_text(lists[4], rates[i].own_rate, strlen(rates[i].own_rate));
    }
    pg_param_text(&params, portion->actor);
    pg_param_int(&params, portion->environment_id);
    for (size_t k = 0; k < 5; k++)
        pg_param_array(&params, lists[k]);
    pg_send(pg, QUERY_CURRENCY_RATE_PUT, &params, fn, arg);
}

void currency_rate_read_put(const PGresult *result, struct currency_rate_put_row *ret)
{
    column_read(currency_rate_put_columns, result, 0, ret);
}
