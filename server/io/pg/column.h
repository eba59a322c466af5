// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Result rows by table: one row a column says its name, what it holds and where in a struct its
 * value goes. The same rows check what the server says of a prepared statement and read what it
 * answers. A table ends with an all-zero row; that of a statement without result is nothing else.
 */
#pragma once

#include "base/err.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind {
    COLUMN_INT,    /* smallint, integer, bigint → int64_t */
    COLUMN_BOOL,   /* boolean → bool */
    COLUMN_DOUBLE, /* double precision → double */
    COLUMN_TEXT,   /* text, name → const char * */
    COLUMN_JSON,   /* json, jsonb → const char * */
    COLUMN_DATE,   /* date, as 2026-07-31 → const char * */
    COLUMN_VOID,   /* what a function without result returns: checked, not read */
};

enum column_member { COLUMN_NO_MEMBER, COLUMN_INT64, COLUMN_FLAG, COLUMN_REAL, COLUMN_STRING };

struct column {
    const char *name;
    enum column_kind kind;
    enum column_member member; /* the C type at 'offset' */
    size_t offset;
    bool is_optional; /* may be SQL null: then 0, false or NULL */
};

/* The column that is called like the struct's member. */
#define COLUMN(type, member, kind)          COLUMN_ROW(type, member, kind, false)
#define COLUMN_OPTIONAL(type, member, kind) COLUMN_ROW(type, member, kind, true)
#define COLUMN_ROW(type, member, kind, is_optional)                                                \
    {                                                                                              \
#member, kind, COLUMN_MEMBER(((type *)0)->member), offsetof(type, member), is_optional     \
    }
#define COLUMN_MEMBER(member)                                                                      \
    _Generic((member), int64_t                                                                     \
             : COLUMN_INT64, bool                                                                  \
             : COLUMN_FLAG, double                                                                 \
             : COLUMN_REAL, const char *                                                           \
             : COLUMN_STRING)

/* ERR_INTERNAL with a sentence unless 'description' (of PQdescribePrepared, or a result) has the
 * table's columns: number, order, names and types. */
enum err column_check(const struct column *table, const PGresult *description,
                      struct fault *ret_fault) must_use;

/* Fills the members of *ret_row from a row; texts are borrowed from the result. A null where the
 * table allows none ends the process, as does a result that is not the table's. */
void column_read(const struct column *table, const PGresult *result, int row, void *ret_row);
