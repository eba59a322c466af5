// SPDX-License-Identifier: GPL-3.0-or-later
/* What the sites of an environment sent. */
#pragma once

#include "io/pg/pg.h"

/* On the last so many UTC days, by name. Answers with a view: see view.h. */
void data_quality_send(struct pg *pg, int64_t environment_id, int days, pg_answer_fn *fn,
                       void *arg);
