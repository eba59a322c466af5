// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A campaign's results, as the server tells them, as text for people.
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* 'dimension' (or NULL) adds its breakdown to each metric; 'split' (or NULL) is the document of the
 * split. */
void results_table_print(const json_t *results, const json_t *split, const char *dimension,
                         FILE *to);
