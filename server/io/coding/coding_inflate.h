// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * gzip (RFC 1952, one member or several) and deflate (RFC 1950, and bare as many send it), step by
 * step. Pure.
 */
#pragma once

#include "io/coding/coding_progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

struct coding_inflate {
    z_stream stream;
    bool is_gzip;
};

/* 'bytes' are borrowed. */
void coding_inflate_init(struct coding_inflate *i, const void *bytes, size_t length, bool is_gzip);
/* Writes up to 'room' bytes, one at least, to 'to'. */
enum coding_progress coding_inflate_read(struct coding_inflate *i, char *to, size_t room,
                                         size_t *ret_made);
void coding_inflate_done(struct coding_inflate *i);
