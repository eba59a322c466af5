// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold/slicing.h"

#include "store/columns.h"
#include "store/database.h"
#include "store/database_ask.h"

#include <stdio.h>

const struct column slicing_columns[] = {
    {.name = "slicing_set", .kind = COLUMN_VOID},
    {0},
};

enum err slicing_set(const char *conninfo, int64_t count, struct fault *ret_fault)
{
    char text[24];
    const char *const params[] = {text};
    auto_database PGconn *c = NULL;
    enum err e = database_open(conninfo, &c, ret_fault);
    if (e)
        return e;
    snprintf(text, sizeof(text), "%lld", (long long)count);
    auto_answer PGresult *r = database_ask(c, QUERY_SLICING_SET, 1, params, ret_fault);
    return r ? ERR_OK : ret_fault->code;
}
