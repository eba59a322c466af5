// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Streaming reader of RFC 4180 CSV: quoted fields, doubled quotes, line breaks within quotes, CRLF
 * or LF, an UTF-8 byte order mark, a separator of choice. Holds one record in memory, never the
 * file. A broken record is reported with its line and column and skipped; reading goes on behind
 * it.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills 'buffer' with up to 'size' bytes. Returns their number, 0 at the end, -1 when reading
 * failed (with *ret_fault set). */
typedef long csv_source_fn(void *arg, char *buffer, size_t size, struct fault *ret_fault);

enum csv_step {
    CSV_RECORD, /* fields are there */
    CSV_BAD,    /* the record is broken: ret_fault says where; go on with the next call */
    CSV_END,    /* no more records */
    CSV_FAILED  /* the source failed: ret_fault says why */
};

#define CSV_RECORD_BYTES (1024 * 1024) /* longest record */
#define CSV_FIELDS       1024          /* most fields of a record */

struct csv;

struct csv *csv_new(csv_source_fn *source, void *arg, char separator);
void csv_free(struct csv *c);

/* Reads the next record. Empty lines are passed over. Fields are valid until the next call. */
enum csv_step csv_next(struct csv *c, struct fault *ret_fault) must_use;
size_t csv_count(const struct csv *c);
/* NUL-terminated (bytes after a NUL within a field are not seen); index < csv_count. */
const char *csv_field(const struct csv *c, size_t index);
/* The line on which the record began, from 1. */
uint64_t csv_line(const struct csv *c);
