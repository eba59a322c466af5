// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

void buf_done(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    if (b->data)
        b->data[0] = '\0';
}

char *buf_reserve(struct buf *b, size_t extra)
{
    size_t want = b->length + extra + 1;
    must(want > extra);
    if (want > b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 256;
        b->capacity = capacity < want ? want : capacity;
        b->data = mem_realloc(b->data, b->capacity);
    }
    return b->data + b->length;
}

void buf_add_character(struct buf *b, uint32_t point)
{
    if (point < 0x80) {
        buf_add_char(b, (char)point);
        return;
    }
    size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    char bytes[4];
    for (size_t i = n - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    bytes[0] = (char)(0xf00u >> n | point);
    buf_add(b, bytes, n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    must(n >= 0);
    char *to = buf_reserve(b, (size_t)n);
    vsnprintf(to, (size_t)n + 1, format, again);
    va_end(again);
    b->length += (size_t)n;
}

/* Length of the well-formed sequence at s, 0 if there is none; table 3-7 of the Unicode standard.
 */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || n > left)
        return 0;
    unsigned char low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool text_is_utf8(const char *s, size_t length)
{
    const unsigned char *p = (const unsigned char *)s;
    while (length > 0) {
        size_t n = sequence_length(p, length);
        if (n == 0)
            return false;
        p += n;
        length -= n;
    }
    return true;
}

size_t text_characters(const char *s, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)s[i] & 0xc0) != 0x80;
    return count;
}

bool text_is_id(const char *s, size_t length)
{
    if (length < 1 || length > 256 || !text_is_utf8(s, length))
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == 0x7f)
            return false;
        if (c == 0xc2 && (unsigned char)s[i + 1] < 0xa0)
            return false;
    }
    return true;
}

bool text_is_key(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return n >= 1 && n <= 64 && s[n] == '\0' && s[0] != '_' && s[0] != '-';
}

void text_hex(const uint8_t *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * length] = '\0';
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool text_unhex(const char *hex, size_t hex_length, uint8_t *out)
{
    if (hex_length % 2)
        return false;
    for (size_t i = 0; i < hex_length; i += 2) {
        int high = nibble(hex[i]), low = nibble(hex[i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}
