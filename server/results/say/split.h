// SPDX-License-Identifier: GPL-3.0-or-later
/* The parts of a phase's split (results_split.h), as JSON. Pure: reads what the query split_read
 * returned. */
#pragma once

#include "base/err.h"
#include "base/json/shape.h"
#include "base/text.h"

extern const struct shape split_shape;

/* Appends the document. 'head' and 'parts' are written to by the parser. ERR_NOT_FOUND: the
 * campaign has no such phase. */
enum err split_write(char *head, char *parts, struct buf *out, struct fault *ret_fault) must_use;
