// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Is the database what this program was built for? Every process asks before it works, since a
 * schema of another version would be written wrongly rather than refused. A newer one is fine as
 * far as its migrations say so: then the old program serves on while the new one is rolled out.
 * Changes nothing.
 */
#pragma once

#include "base/err.h"
#include "io/pg/pg.h"
#include "sql/migrations.h"

/* What a program brings: migrations numbered from 1 without a gap, and the functions, views and
 * triggers that stand on them (NULL: none). */
struct schema {
    const struct migration *migrations;
    size_t count;
    const struct routines *routines;
};

/* What is embedded in this program. */
extern const struct schema schema_embedded;

/* A migration that was applied to a database. */
struct schema_row {
    int64_t number;
    const char *name, *sha256; /* these are borrowed */
    int64_t serves;            /* programs that know so many migrations */
    const char *routines;      /* checksums of all that there ever were */
};
void schema_read(const PGresult *applied, int row, struct schema_row *ret);

/* Compares with the rows of schema_read, in order of number. ERR_STALE: some are still to be
 * applied. ERR_CONFLICT: a newer migration does not let this program serve, or one was changed
 * after it was applied. The fault's sentence says what to do. Routines that others have replaced
 * are those of a newer program: that is fine. */
enum err schema_compare(const struct schema *schema, const PGresult *applied,
                        struct fault *ret_fault) must_use;

/* fault is NULL for ERR_OK, else valid for the call. */
typedef void schema_fn(void *arg, enum err code, const struct fault *fault);
/* Asks over the network and compares with the embedded migrations; fn is called once, later, from
 * the loop. Besides schema_compare's: what pg_send reports. */
void schema_check(struct pg *pg, schema_fn *fn, void *arg);
