// SPDX-License-Identifier: GPL-3.0-or-later
/* How all campaigns stand. */
#pragma once

#include "io/pg/pg.h"

/* Of an environment, by their first goals. Answers with a view, which is a list: see view.h. */
void uplift_send_list(struct pg *pg, int64_t environment_id, pg_answer_fn *fn, void *arg);
