// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/pg/column.h"

#include "base/mem.h"
#include "io/pg/row.h"

#include <string.h>

#define TYPES 4

/* What PostgreSQL calls by which number: pg_type.oid of the types it was born with. */
static const struct {
    const char *name;
    enum column_member member;
    Oid types[TYPES]; /* 0: no more */
} kinds[] = {
    [COLUMN_INT] = {"an integer", COLUMN_INT64, {20, 21, 23}},
    [COLUMN_BOOL] = {"a boolean", COLUMN_FLAG, {16}},
    [COLUMN_DOUBLE] = {"a double precision", COLUMN_REAL, {701}},
    [COLUMN_TEXT] = {"a text", COLUMN_STRING, {25, 19, 1043}},
    [COLUMN_JSON] = {"a json", COLUMN_STRING, {114, 3802}},
    [COLUMN_DATE] = {"a date", COLUMN_STRING, {1082}},
    [COLUMN_VOID] = {"a void", COLUMN_NO_MEMBER, {2278}},
};

static bool is_of_kind(enum column_kind kind, Oid type)
{
    for (size_t i = 0; i < TYPES && kinds[kind].types[i]; i++)
        if (kinds[kind].types[i] == type)
            return true;
    return false;
}

static enum err check_one(const struct column *c, const PGresult *description, int at,
                          struct fault *ret_fault)
{
    const char *name = PQfname(description, at);
    must(c->member == kinds[c->kind].member);
    if (strcmp(name, c->name) != 0)
        return fault_set(ret_fault, ERR_INTERNAL, "", "column %d is \"%s\" and should be \"%s\"",
                         at + 1, name, c->name);
    Oid type = PQftype(description, at);
    if (is_of_kind(c->kind, type))
        return ERR_OK;
    return fault_set(ret_fault, ERR_INTERNAL, "", "column \"%s\" is of type %u and should be %s",
                     name, type, kinds[c->kind].name);
}

static int count_of(const struct column *table)
{
    int count = 0;
    while (table[count].name)
        count++;
    return count;
}

enum err column_check(const struct column *table, const PGresult *description,
                      struct fault *ret_fault)
{
    int count = count_of(table), there = PQnfields(description);
    enum err e = ERR_OK;
    for (int i = 0; i < count && i < there && !e; i++)
        e = check_one(&table[i], description, i, ret_fault);
    if (!e && there != count)
        e = fault_set(ret_fault, ERR_INTERNAL, "", "there are %d columns and should be %d", there,
                      count);
    return e;
}

static void read_one(const struct column *c, const PGresult *result, int row, int at, void *ret)
{
    switch (c->member) {
    case COLUMN_INT64:
        *(int64_t *)ret = row_int(result, row, at);
        break;
    case COLUMN_FLAG:
        *(bool *)ret = row_bool(result, row, at);
        break;
    case COLUMN_REAL:
        *(double *)ret = row_double(result, row, at);
        break;
    case COLUMN_STRING:
        *(const char **)ret = row_text(result, row, at);
        break;
    case COLUMN_NO_MEMBER:
    default:
        break;
    }
}

/* Of every type a zero is what stands for null. */
static void read_null(const struct column *c, void *ret)
{
    static const size_t bytes[] = {
        [COLUMN_NO_MEMBER] = 0,
        [COLUMN_INT64] = sizeof(int64_t),
        [COLUMN_FLAG] = sizeof(bool),
        [COLUMN_REAL] = sizeof(double),
        [COLUMN_STRING] = sizeof(const char *),
    };
    must(c->is_optional || c->member == COLUMN_NO_MEMBER);
    memset(ret, 0, bytes[c->member]);
}

void column_read(const struct column *table, const PGresult *result, int row, void *ret_row)
{
    must(PQnfields(result) == count_of(table));
    for (int at = 0; table[at].name; at++) {
        void *ret = (char *)ret_row + table[at].offset;
        if (row_is_null(result, row, at))
            read_null(&table[at], ret);
        else
            read_one(&table[at], result, row, at, ret);
    }
}
