// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/row.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* PQgetvalue gives "" and a warning on stderr for a cell that is not there. */
static const char *cell(const PGresult *r, int row, int column)
{
    must(row >= 0 && row < PQntuples(r) && column >= 0 && column < PQnfields(r));
    return PQgetvalue(r, row, column);
}

static const char *value(const PGresult *r, int row, int column)
{
    const char *s = cell(r, row, column);
    must(!PQgetisnull(r, row, column) && *s);
    return s;
}

bool row_is_null(const PGresult *r, int row, int column)
{
    (void)cell(r, row, column);
    return PQgetisnull(r, row, column);
}

const char *row_text(const PGresult *r, int row, int column)
{
    return row_is_null(r, row, column) ? NULL : cell(r, row, column);
}

int64_t row_int(const PGresult *r, int row, int column)
{
    const char *s = value(r, row, column);
    char *end;
    errno = 0;
    long long n = strtoll(s, &end, 10);
    must(errno == 0 && *end == '\0');
    return n;
}

bool row_bool(const PGresult *r, int row, int column)
{
    const char *s = value(r, row, column);
    must((s[0] == 't' || s[0] == 'f') && s[1] == '\0');
    return s[0] == 't';
}

double row_double(const PGresult *r, int row, int column)
{
    const char *s = value(r, row, column);
    char *end;
    double d = strtod(s, &end);
    must(*end == '\0');
    return d;
}
