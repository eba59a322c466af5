// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What pages of an environment count by themselves: a click or a sent form, by selector, becomes an
 * event of a name. The browser SDK listens; a metric over that name counts.
 */
#pragma once

#include "base/json/field.h"

#define TRACKING_MAX 100 /* rows of an environment */

/* The members of one row; and the row: the item of an environment's "tracking". */
extern const struct field tracking_fields[];
extern const struct field tracking;
