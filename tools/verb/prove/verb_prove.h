// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What `mete prove` shows of a report (a JSON object as the job "prove" makes it), and how it makes
 * one itself from a file.
 */
#pragma once

#include "prove/prove.h"

#include <jansson.h>
#include <stdio.h>

/* Tables and a line of blocks a metric. */
void prove_print(const json_t *report, FILE *to);
/* The histograms of the p-values as an SVG document. */
void prove_draw(const json_t *report, FILE *to);

/* Runs prove on the units of a CSV file as `mete export --what outcomes` writes it: a column
 * "metrics.KEY" a metric, "metrics.KEY.numerator" and ".denominator" for ratios, "exposed_at" for
 * the order (absent: that of the lines). A metric of 0 and 1 alone is a conversion. */
enum err prove_file(const char *path, const struct prove_plan *plan, struct arena *arena,
                    struct prove_report *ret, struct fault *ret_fault) must_use;
