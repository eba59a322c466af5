// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A chunked body (RFC 9112, 7.1), read strictly: no white space before an extension, no bare LF, at
 * most eight digits. Extensions and trailers are checked, counted and dropped. Pure.
 */
#pragma once

#include "base/text.h"
#include "io/http/http_head.h"

/* Bytes of extensions and trailers together, for one body. */
#define HTTP_CHUNK_EXTRA 4096

enum http_chunk_state {
    CHUNK_SIZE_FIRST,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER_FIRST,
    CHUNK_TRAILER_NAME,
    CHUNK_TRAILER_VALUE,
    CHUNK_TRAILER_LF,
    CHUNK_END_LF
};

/* Zero-initialised is ready. */
struct http_chunked {
    enum http_chunk_state state;
    unsigned digits;
    unsigned extra_bytes;
    uint64_t left; /* of the chunk in work */
    int status;    /* when bad: 400, or 413 */
    const char *detail;
};

/* Reads [bytes, bytes+length), appends data to 'body' but never beyond 'limit' bytes in it (413).
 * *ret_used: how much was taken; less than length only when done or bad. */
enum http_progress http_chunked_read(struct http_chunked *c, const char *bytes, size_t length,
                                     size_t limit, struct buf *body, size_t *ret_used);
