// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A decision as a reply shows it, the same at the edge and where the desk explains one.
 */
#pragma once

#include "base/text.h"
#include "engine/decide.h"

#include <stdbool.h>

/* Appends ,{"campaign":…,"phase":…,"variant":…,"reason":…} to a list that has begun; explained with
 * the steps it went through, up to the one that decided. */
void decision_write(struct buf *b, const struct decision *d, bool is_explained);
/* Ends a list that began at 'begin': the first one's comma gives way to the bracket. */
void decision_end_list(struct buf *b, size_t begin, const char brackets[2]);
