// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether an effect wears off: a job that sums what units did on each day since their exposure, for
 * each phase whose data changed. It works in the database and stores there; results
 * (results_judge_since.h) read what it stored, with the moment it was made at.
 */
#pragma once

#include "engine/job/job.h"

/* The job: all phases of its environment that are due. */
enum err since_exposure_run(struct job *j, const json_t *input, struct buf *out,
                            struct fault *ret_fault);
