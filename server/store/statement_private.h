// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the answer of each statement consists of. Every connection checks it against what the server
 * says of the statements it prepared, and is good for nothing where they differ.
 */
#pragma once

#include "io/pg/column.h"
#include "sql/queries.h"

/* Holds the columns of each statement, by enum query; every statement has some. */
extern const struct column *const statement_columns[QUERY_COUNT];
