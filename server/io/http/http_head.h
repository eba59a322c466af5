// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The head of one request, request line and headers, read from a byte buffer that may still be
 * growing. A scan of our own finds the end and refuses what no sender needs (control characters,
 * bare CR or LF, folded lines). Fields of plain heads come out of the same scan; any other head (a
 * transfer coding, an upgrade, an absolute target, an unknown method, a line without a colon) is
 * also taken apart by llhttp: there, two readers must agree before a byte is believed. On plain
 * heads tests hold both equal. Then the rules about framing are applied to the fields. Pure: no
 * sockets, no allocation.
 */
#pragma once

#include "io/http/http_verb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_FIELDS 100

enum http_progress {
    HTTP_MORE, /* so far right, the end has not come */
    HTTP_DONE,
    HTTP_BAD
};

/* Offsets from the first byte of the request: the buffer may move. */
struct http_field {
    uint32_t name;
    uint32_t value;
    uint32_t value_bytes;
    uint16_t name_bytes;
    bool has_value;
};

struct http_head {
    size_t scanned;
    size_t line;  /* where the line being scanned begins */
    size_t first; /* where the request line begins: 2 after a leading empty line */
    size_t bytes; /* of the whole head with its empty line; set when done */
    enum http_verb verb;
    uint8_t minor; /* of HTTP/1.x */
    bool is_plain; /* so far: nothing that llhttp must be asked about */
    bool is_chunked;
    bool is_keep_alive;
    bool is_upgrade;
    bool expects_continue;
    int64_t content_length; /* -1: none said */
    uint32_t target, target_bytes;
    uint32_t path;
    uint32_t query;        /* 0: none */
    uint64_t name_lengths; /* a bit for each length that a name has: see http_head_length_bit */
    unsigned field_count;
    struct http_field fields[HTTP_FIELDS];
    int status;         /* when bad */
    const char *detail; /* when bad: a sentence */
};

/* Most headers that are asked for are not there, and nothing of their length is. */
static inline uint64_t http_head_length_bit(size_t name_bytes)
{
    return UINT64_C(1) << (name_bytes < 63 ? name_bytes : 63);
}

void http_head_init(struct http_head *h);
/* Reads on. 'bytes' points to the request's first byte, 'length' is what has come so far (the same
 * bytes as last time and more), 'limit' the largest head. When done, bytes[0, h->bytes) have been
 * edited: path, query, names (in lower case) and values end in NUL. When bad, status and detail
 * say why; verb is set if it was readable. */
enum http_progress http_head_read(struct http_head *h, char *bytes, size_t length, size_t limit);

/* Only the files behind http_head_read and their tests call what follows. */
/* The fields of bytes[h->first, h->bytes) as llhttp finds them. */
enum http_progress http_head_take_apart(struct http_head *h, const char *bytes);
static inline enum http_progress http_head_refuse(struct http_head *h, int status,
                                                  const char *detail)
{
    h->status = status;
    h->detail = detail;
    return HTTP_BAD;
}
/* [A-Za-z0-9] and the marks of RFC 9110's token; lower-cased, or 0 */
extern const unsigned char http_token_byte[256];
/* Applies the rules about Host, framing and connection to the fields found, then edits the head in
 * place. */
enum http_progress http_head_check(struct http_head *h, char *bytes);
/* Reads [line, line+length), the request line without CRLF; line stands at h->first. */
enum http_progress http_target_read(struct http_head *h, const char *line, size_t length);
/* Is it host[:port], as RFC 3986 writes it, not empty, without user information? */
bool http_target_is_authority(const char *s, size_t length);
/* Where the authority of an absolute target stands; false when the target begins with '/' or '*'.
 */
bool http_target_authority(const char *target, size_t length, size_t *ret_begin, size_t *ret_end);
