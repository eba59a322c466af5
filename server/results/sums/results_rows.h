// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The rows of 'sums', of 'looks' and of an overlap. There are thousands of them where a breakdown
 * has many values, so their text is walked over and no tree is built; a text that is not plain (a
 * value with a quote in it) goes through the parser.
 */
#pragma once

#include "base/json/json.h"
#include "results/sums/results_phase.h"

struct results_rows {
    struct results_row *rows;
    size_t count;
};

/* Reads a list of objects; what a row does not say is "", or "0" where it is a sum;
 * a square that is null was not told: NULL. In the arena,
 * which alone it needs. ERR_INTERNAL: the text is no JSON within the limits. 'text' is written to
 * by the parser. */
enum err results_rows_read(struct arena *arena, char *text, const struct json_limits *limits,
                           struct results_rows *ret, struct fault *ret_fault) must_use;
/* The same of a list that was parsed. */
struct results_rows results_rows_of(struct arena *arena, const json_t *list);
