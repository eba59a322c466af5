// SPDX-License-Identifier: GPL-3.0-or-later
/* How far an environment is on the way to its first experiment. */
#pragma once

#include "io/pg/pg.h"

/* 'edge_url' becomes a member as it is; NULL: null. Answers with a view: see view.h. */
void install_send(struct pg *pg, int64_t environment_id, const char *edge_url, pg_answer_fn *fn,
                  void *arg);
