// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Reading a result row into C: by column number, text format. A wrong shape is a bug in a query of
 * ours and ends the program; NULLs are asked for where they can occur.
 */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

bool row_is_null(const PGresult *r, int row, int column);
/* Borrowed from the result; NULL for SQL null. */
const char *row_text(const PGresult *r, int row, int column);
int64_t row_int(const PGresult *r, int row, int column);
bool row_bool(const PGresult *r, int row, int column);
double row_double(const PGresult *r, int row, int column);
