// SPDX-License-Identifier: GPL-3.0-or-later
/* Rates of currencies by day: those of an environment. */
#pragma once

#include "io/pg/pg.h"
#include "model/rate/rate_list.h"

struct currency_rate_question {
    int64_t environment_id;
    const char *currency; /* NULL: of all */
    const char *before;   /* a day, or "infinity" */
    int rows;
};

struct currency_rate_range {
    int64_t environment_id;
    const char *actor;
    const char *currency;  /* NULL: all of them */
    const char *from, *to; /* days, or "-infinity" and "infinity" */
};

/* Settled rates on their way. */
struct currency_rate_portion {
    int64_t environment_id;
    const char *actor;
    const struct rate *rates;
    size_t count;
};

struct currency_rate_put_row {
    int64_t changed_count, total_count;
};

/* Answers with a view: see view.h. */
void currency_rate_send_list(struct pg *pg, const struct currency_rate_question *q,
                             pg_answer_fn *fn, void *arg);
/* Answers with the view {currency}: what the environment counts in. */
void currency_rate_send_own(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
/* Answers with a view. */
void currency_rate_send_delete(struct pg *pg, const struct currency_rate_range *range,
                               pg_answer_fn *fn, void *arg);
/* Puts settled rates in. */
void currency_rate_send_put(struct pg *pg, const struct currency_rate_portion *portion,
                            pg_answer_fn *fn, void *arg);
void currency_rate_read_put(const PGresult *result, struct currency_rate_put_row *ret);
