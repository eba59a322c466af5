// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A campaign's rows for analysts, page by page: who was exposed, what came of it, what they did. A
 * page begins behind a cursor that the page before told.
 */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

enum export_kind { EXPORT_EXPOSURES, EXPORT_OUTCOMES, EXPORT_EVENTS };

struct export_page {
    enum export_kind kind;
    int64_t environment_id;
    const char *campaign;
    int phase;         /* 0: the newest */
    const char *after; /* a cursor; NULL: from the beginning */
    int rows;          /* at most */
    /* Of EXPORT_EXPOSURES: */
    const char *variant;      /* that was met first; NULL: any */
    const bool *is_crossover; /* met several, or one alone; NULL: both */
};

/* Returns ERR_INVALID when 'after' is no cursor; fn is then not called. */
enum err export_send(struct pg *pg, const struct export_page *page, pg_answer_fn *fn, void *arg,
                     struct fault *ret_fault) must_use;

/* Returns false when there is no such campaign; else the result is a page: see page.h. */
bool export_is_there(const PGresult *result);
