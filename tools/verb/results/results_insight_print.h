// SPDX-License-Identifier: GPL-3.0-or-later
/* What results say besides the verdict, for people: as the app's pages do, in words and figures. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* Prints which variant is the best, what luck adds to one that was called, and whether more days
 * would help; nothing of results that do not say it. */
void results_insight_print(const json_t *results, FILE *to);

/* Prints in which parts the sizes do not fit, of the document of the split; nothing where they do.
 */
void results_split_print(const json_t *split, FILE *to);
