// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job.h"

const struct job_kind job_kinds[] = {
    {NULL, NULL},
};
