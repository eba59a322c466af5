// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Jobs at the desk: starting one answers 202 with its address at once; there its progress and, at
 * the end, its result are read, and it is cancelled.
 */
#pragma once

#include "api/route/desk_request.h"
#include "api/route/route.h"
#include "store/job/job.h"

/* Stores the job and replies. 'input' is a JSON object; not kept. */
void job_start(struct desk_request *r, const char *kind, const json_t *input);

/* Replies that the job waits, and where it is read. */
void job_reply_started(struct desk_request *r, const struct job_view *job);

/* How a route that starts one answers. */
extern const struct route_reply job_start_replies[];

extern const struct route job_routes[];
