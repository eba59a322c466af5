// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job.h"
#include "engine/prove_job.h"

const struct job_kind job_kinds[] = {
    {"prove", prove_job_run},
    {NULL, NULL},
};
