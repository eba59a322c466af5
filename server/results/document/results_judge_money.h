// SPDX-License-Identifier: GPL-3.0-or-later
/* What the verdict is worth. */
#pragma once

#include "results/document/results_document.h"

/* Whether what differences come to is told at all: not of a broken split, nor of too few data. */
bool results_has_impact(const struct verdict *verdict);
/* Of the variant that the verdict is about, or else the one that leads. NULL: no sum of money is
 * measured, or nothing can be told of it. */
const struct results_money *results_judge_money(const struct results *r,
                                                const struct verdict_facts *facts,
                                                const struct results_document *d);
