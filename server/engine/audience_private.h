// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The sample, for the files of audience. Memory of one environment; it lives until the next is
 * read.
 */
#pragma once

#include "engine/audience.h"

#include <stddef.h>

#define AUDIENCE_DAYS 30

struct audience_visitor {
    double weight; /* stands for so many */
    json_t *attributes;
};

struct audience_sample {
    struct audience_sample *next;
    int64_t environment_id;
    int64_t read_us;
    double visitors; /* weights in all */
    size_t count;
    struct audience_visitor *rows;
};
