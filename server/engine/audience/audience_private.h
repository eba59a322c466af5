// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The sample, for the files of audience. Memory of one environment; it lives until the next is
 * read.
 */
#pragma once

#include "engine/audience/audience.h"

#include <stddef.h>

#define AUDIENCE_DAYS 30

struct audience_visitor {
    double weight; /* stands for so many */
    json_t *attributes;
};

struct audience_sample {
    struct audience_sample *next;
    size_t refs; /* counted on the loop alone; 1: the list's */
    int64_t environment_id;
    int64_t read_us;
    double visitors; /* weights in all */
    size_t count;
    struct audience_visitor *rows;
};

struct asking;
struct reading;

struct audience {
    struct pg *pg;
    struct thread_pool *pool;
    struct loop *loop;
    struct loop_timer *timer; /* forgets the samples that are no longer fresh */
    int64_t fresh_us;         /* how long a sample is used */
    struct audience_sample *samples;
    struct reading *readings; /* one an environment */
    struct asking *deferred;  /* answers that wait for the loop's next turn */
};
