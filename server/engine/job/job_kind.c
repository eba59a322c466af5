// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/distribution_job.h"
#include "engine/job/job.h"
#include "engine/job/overlap.h"
#include "engine/job/prove_job.h"
#include "engine/job/since_exposure.h"

const struct job_kind job_kinds[] = {
    {"distribution", distribution_run},
    {"overlap", overlap_run},
    {"prove", prove_job_run},
    {"since_exposure", since_exposure_run},
    {NULL, NULL},
};
