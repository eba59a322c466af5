// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Growing byte buffer, and the few questions about UTF-8 text that every floor asks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A growing byte buffer on the heap. Zero-initialised is empty and valid; done with buf_done. The
 * bytes are always followed by a NUL that 'length' does not count (once something was added). */
struct buf {
    char *data;
    size_t length;
    size_t capacity;
};

void buf_done(struct buf *b);
void buf_clear(struct buf *b);
/* Makes room for 'extra' more bytes and returns where they go. */
char *buf_reserve(struct buf *b, size_t extra);
static inline void buf_add(struct buf *b, const void *bytes, size_t length)
{
    if (b->capacity - b->length <= length)
        buf_reserve(b, length);
    if (length)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

static inline void buf_add_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

static inline void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

/* Appends the character in UTF-8 (RFC 3629): a code point, no surrogate. */
void buf_add_character(struct buf *b, uint32_t point);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((nonnull(2), format(printf, 2, 3)));
#define auto_buf __attribute__((cleanup(buf_done)))

/* Valid UTF-8 without surrogates and over-long forms (RFC 3629). */
bool text_is_utf8(const char *s, size_t length);
/* The characters (code points) of valid UTF-8: what a person counts, and JSON Schema. */
size_t text_characters(const char *s, size_t length);
/* An id or key: 1-256 bytes of valid UTF-8 without control characters (C0, DEL, C1). */
bool text_is_id(const char *s, size_t length);
/* A resource key: 1-64 of [a-z0-9_-], beginning with a letter or digit. */
bool text_is_key(const char *s);
/* Lower-case hex of 'length' bytes into 'out' (2*length+1 bytes). */
void text_hex(const uint8_t *bytes, size_t length, char *out);
/* Reads 2*length hex digits. False on anything else. */
bool text_unhex(const char *hex, size_t hex_length, uint8_t *out);
