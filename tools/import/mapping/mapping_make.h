// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A mapping made of command line options: which column is what, and nothing more. What it cannot
 * say (several events, a map of variants, weights) takes a mapping file.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

/* Names of columns, unless it says otherwise; NULL: not given. */
struct mapping_choice {
    const char *variant, *visitor; /* no visitor: each row is another one */
    const char *time;              /* or a time, of all rows */
    const char *time_format;
    const char *value, *order; /* of a purchase */
    const char *conversion;    /* yes or no, or how often */
    const char *device, *country;
    const char *control;                             /* a text of the variants' column */
    const char *visitors, *daily_visitors, *squares; /* of totals: "value" is their sum */
};

typedef enum err mapping_make_fn(const struct mapping_choice *choice, const char *campaign_key,
                                 struct arena *arena, struct buf *out, struct fault *ret_fault);

/* Whether any of them is given. */
bool mapping_choice_is_made(const struct mapping_choice *choice);
/* Appends the mapping file that says the same. ERR_INVALID: an option is missing. */
enum err mapping_make(const struct mapping_choice *choice, const char *campaign_key,
                      struct arena *arena, struct buf *out, struct fault *ret_fault) must_use;
/* The same of a file whose rows are totals of a day. */
enum err mapping_make_totals(const struct mapping_choice *choice, const char *campaign_key,
                             struct arena *arena, struct buf *out,
                             struct fault *ret_fault) must_use;
