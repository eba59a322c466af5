// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The job that makes distributions (results/distribution) of a campaign and stores them.
 */
#pragma once

#include "engine/job/job.h"

/* All metrics and phases of the campaign that input names, those alone whose data changed since. */
enum err distribution_run(struct job *j, const json_t *input, struct buf *out,
                          struct fault *ret_fault);
