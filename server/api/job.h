// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Jobs at the desk: starting one answers 202 with its place at once; there its progress and, at the
 * end, its result are read, and it is cancelled.
 */
#pragma once

#include "api/desk_request.h"
#include "io/route.h"

/* Stores the job and replies. 'input' is a JSON object; not kept. */
void job_start(struct desk_request *r, const char *kind, const json_t *input);

route_fn job_list;
route_fn job_read;
route_fn job_cancel;
