// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From exact sums to everything that is said of them. Pure; knows no clock and no database.
 */
#pragma once

#include "results/document/results_document.h"

/* Returns the document, in the arena of r; it lives as long as r does. 'as_of_us' is what is called
 * now. */
const struct results_document *results_judge(const struct results *r, int64_t as_of_us);
