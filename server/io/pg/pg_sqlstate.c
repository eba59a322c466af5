// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/pg.h"

#include <string.h>

/* The first row whose code begins the SQLSTATE decides: single codes stand before their class. */
static const struct {
    const char *prefix;
    enum err code;
} table[] = {
    {"08", ERR_UNAVAILABLE},    /* connection exception */
    {"22", ERR_INVALID},        /* data exception */
    {"23503", ERR_CONFLICT},    /* foreign_key_violation: what is pointed to, or points here */
    {"23505", ERR_CONFLICT},    /* unique_violation */
    {"23P01", ERR_CONFLICT},    /* exclusion_violation */
    {"23", ERR_INVALID},        /* integrity constraint violation: not null, check */
    {"25006", ERR_UNAVAILABLE}, /* read_only_sql_transaction: a standby, a failover under way */
    {"28", ERR_UNAVAILABLE},    /* invalid authorization specification */
    {"3D", ERR_UNAVAILABLE},    /* invalid catalog name: no such database */
    {"40", ERR_BUSY},           /* transaction rollback: serialization failure, deadlock */
    {"53100", ERR_UNAVAILABLE}, /* disk_full */
    {"53", ERR_BUSY},           /* insufficient resources */
    {"54", ERR_TOO_LARGE},      /* program limit exceeded */
    {"55P03", ERR_BUSY},        /* lock_not_available */
    {"57014", ERR_BUSY},        /* query_canceled: statement_timeout */
    {"57", ERR_UNAVAILABLE},    /* operator intervention: shutdown, starting up */
    {"58", ERR_UNAVAILABLE},    /* system error: the disk */
    {"P0001", ERR_INVALID},     /* raise_exception */
};

enum err pg_sqlstate_err(const char *sqlstate)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strncmp(sqlstate, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].code;
    return ERR_INTERNAL;
}
