// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What `mete prove` shows of a report (a JSON object as the job "prove" makes it).
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* Tables and a line of blocks a metric. */
void prove_print(const json_t *report, FILE *to);
/* The histograms of the p-values as an SVG document. */
void prove_draw(const json_t *report, FILE *to);
