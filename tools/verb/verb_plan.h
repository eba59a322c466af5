// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A plan for people: its figures, and the power curve in characters.
 */
#pragma once

#include "plan/plan.h"

#include <stdio.h>

void plan_print(const struct plan *p, unsigned columns, FILE *to);
