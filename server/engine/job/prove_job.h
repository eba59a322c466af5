// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The job "prove": reads the units of a campaign's phase with their outcomes and runs prove on
 * them.
 */
#pragma once

#include "base/json/field.h"
#include "engine/job/job.h"

/* What the job is asked with: campaign, phase, days, runs, seed, uplift, confidence. */
extern const struct field prove_job_fields[];

enum err prove_job_run(struct job *j, const json_t *input, struct buf *out,
                       struct fault *ret_fault) must_use;
