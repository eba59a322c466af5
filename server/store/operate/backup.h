// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Everything a database of mete holds as lines of text, and back. It is read in one transaction, so
 * that configuration, events, results and cursors belong together while others go on writing; it is
 * put into an empty database by the migrations it was read under, which then go on to this
 * program's. No program of PostgreSQL is needed. Blocking: for the command line.
 *
 *   mete backup 1
 *   migration NUMBER NAME SHA256            every one that was applied
 *   day YYYY-MM-DD                          every partition of events
 *   table NAME COLUMN,COLUMN…               then its rows as COPY writes them, and "\."
 *   rows COUNT                              of the table before
 *   sequence NAME VALUE t|f
 *   end
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backup_sink {
    enum err (*write)(void *arg, const char *bytes, size_t length, struct fault *fault);
    /* So many rows of about 'total' are written. May be NULL. */
    void (*on_rows)(void *arg, uint64_t rows, uint64_t total);
    void *arg;
};

/* As an owner of the tables; also of a schema that is still to be brought up to this program's.
 * *ret_rows: of all tables. */
enum err backup_write(const char *conninfo, const struct backup_sink *sink, uint64_t *ret_rows,
                      struct fault *ret_fault) must_use;

struct backup_source {
    /* The next line with its newline, valid until the next call; length 0: there is none. */
    enum err (*read_line)(void *arg, const char **ret_line, size_t *ret_length,
                          struct fault *fault);
    void (*on_rows)(void *arg, uint64_t rows); /* may be NULL */
    void *arg;
};

/* As the owner to be. ERR_CONFLICT: the database is not empty, or the backup was made by a version
 * this program does not know; nothing was changed. When it fails later, the tables may be there,
 * without rows. */
enum err backup_read(const char *conninfo, const struct backup_source *source, uint64_t *ret_rows,
                     struct fault *ret_fault) must_use;
