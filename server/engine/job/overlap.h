// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Units that met two campaigns: a job that counts them by the variants of both, and sums what they
 * did, for each phase whose data changed. It joins in the database and stores there; results
 * (results_interaction.h) read what it stored, with the moment it was made at.
 */
#pragma once

#include "engine/job/job.h"

/* The job: all phases of its environment that are due. */
enum err overlap_run(struct job *j, const json_t *input, struct buf *out, struct fault *ret_fault);
