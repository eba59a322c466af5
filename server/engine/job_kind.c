// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distribution.h"
#include "engine/job.h"
#include "engine/overlap.h"
#include "engine/prove_job.h"

const struct job_kind job_kinds[] = {
    {"distribution", distribution_run},
    {"overlap", overlap_run},
    {"prove", prove_job_run},
    {NULL, NULL},
};
