// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Bodies that come compressed (Content-Encoding): gzip, deflate (with or without zlib's frame),
 * br and zstd. A body is unpacked once, whole, when all of it has come. What comes out is bounded,
 * and so is the memory on the way: a few bytes that would become gigabytes cost no more than the
 * largest body that is taken. Pure.
 */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What may be sent: the value of Accept-Encoding in the reply to anything else. */
#define CODING_NAMES "gzip, deflate, br, zstd"

enum coding { CODING_NONE, CODING_GZIP, CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD };

/* Reads the value of Content-Encoding; NULL and "identity" are none. Returns false for any other
 * name, and for several codings at once. */
bool coding_find(const char *value, enum coding *ret);

/* Appends what the bytes say to 'out', at most 'limit' bytes and one. Returns the status that says
 * what is wrong, with *ret_detail: 413, where there is more than 'limit'; 400, where the bytes are
 * no whole stream of this coding, or something follows it; 0: all is well. What was appended before
 * an error is left. Not for CODING_NONE. */
int coding_read(enum coding coding, const void *bytes, size_t length, size_t limit, struct buf *out,
                const char **ret_detail);
