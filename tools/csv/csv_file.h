// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A CSV file on disk, plain or gzip, in UTF-8 or what is found to be another encoding, as a source
 * for csv. Knows how far it has read in the file's own bytes, for progress, and the digest of the
 * content, for identity: a file, its gzip and the same text in another encoding have the same.
 */
#pragma once

#include "base/err.h"
#include "tools/csv/encoding.h"

#include <stddef.h>
#include <stdint.h>

struct csv_file;

/* NULL with *ret_fault set (ERR_INVALID) when it cannot be opened. */
struct csv_file *csv_file_open(const char *path, struct fault *ret_fault) must_use;
void csv_file_close(struct csv_file *f);
/* What its first bytes speak of, unless it was said otherwise. */
enum encoding csv_file_encoding(const struct csv_file *f);
void csv_file_set_encoding(struct csv_file *f, enum encoding encoding);
/* A csv_source_fn; arg is the file. Gives UTF-8. */
long csv_file_read(void *arg, char *buffer, size_t size, struct fault *ret_fault);
/* Back to the first byte; the digest begins anew. */
enum err csv_file_rewind(struct csv_file *f, struct fault *ret_fault) must_use;
/* Finds what stands between fields by the first line, or by "sep=;" in it; rewinds. */
enum err csv_file_separator(struct csv_file *f, char *ret, struct fault *ret_fault) must_use;

/* Bytes of the file on disk: all of them, and those read so far. */
uint64_t csv_file_bytes(const struct csv_file *f);
uint64_t csv_file_done(const struct csv_file *f);
/* SHA-256 of the content read since the beginning. Ask once, at the end. */
void csv_file_digest(struct csv_file *f, uint8_t ret_digest[32]);
