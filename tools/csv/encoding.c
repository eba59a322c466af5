// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/encoding.h"

#include <strings.h>

static const char *const names[] = {
    [ENCODING_UTF8] = "UTF-8",
    [ENCODING_UTF16LE] = "UTF-16LE",
    [ENCODING_UTF16BE] = "UTF-16BE",
    [ENCODING_WINDOWS_1252] = "Windows-1252",
};

#define ENCODINGS (sizeof(names) / sizeof(names[0]))

enum encoding encoding_find(const char *start, size_t length)
{
    size_t zeros[2] = {0}, half = length / 2;
    if (length >= 2 && memcmp(start, "\xff\xfe", 2) == 0)
        return ENCODING_UTF16LE;
    if (length >= 2 && memcmp(start, "\xfe\xff", 2) == 0)
        return ENCODING_UTF16BE;
    for (size_t i = 0; i < half * 2; i++)
        zeros[i % 2] += start[i] == '\0';
    if (zeros[1] * 2 > half && zeros[0] * 2 < zeros[1])
        return ENCODING_UTF16LE;
    if (zeros[0] * 2 > half && zeros[1] * 2 < zeros[0])
        return ENCODING_UTF16BE;
    return ENCODING_UTF8;
}

const char *encoding_name(enum encoding e)
{
    return names[e];
}

bool encoding_read(const char *name, enum encoding *ret)
{
    for (size_t i = 0; i < ENCODINGS; i++)
        if (strcasecmp(names[i], name) == 0) {
            *ret = (enum encoding)i;
            return true;
        }
    return false;
}

static const char *add_unit(struct decoder *d, uint32_t unit, struct buf *out)
{
    bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
    if (d->has_high != is_low)
        return "half of a surrogate pair stands alone, so the file is not UTF-16";
    d->has_high = is_high;
    if (is_high)
        d->high = unit;
    else if (is_low)
        buf_add_character(out, 0x10000 + ((d->high - 0xd800) << 10) + (unit - 0xdc00));
    else
        buf_add_character(out, unit);
    return NULL;
}

static const char *add_utf16(struct decoder *d, const char *piece, size_t length, struct buf *out)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t byte = (uint8_t)piece[i], before = d->byte;
        d->has_byte = !d->has_byte;
        d->byte = (uint8_t)byte;
        if (d->has_byte)
            continue;
        const char *why = add_unit(
            d, d->encoding == ENCODING_UTF16LE ? byte << 8 | before : before << 8 | byte, out);
        if (why)
            return why;
    }
    return NULL;
}

static void add_windows(const char *piece, size_t length, struct buf *out)
{
    /* 0x80 to 0x9f; what Windows leaves free stays the control character it is. */
    static const uint16_t high[] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                    0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)piece[i];
        buf_add_character(out, byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte);
    }
}

const char *decoder_add(struct decoder *d, const char *piece, size_t length, struct buf *out)
{
    switch (d->encoding) {
    case ENCODING_UTF8:
        buf_add(out, piece, length);
        return NULL;
    case ENCODING_WINDOWS_1252:
        add_windows(piece, length, out);
        return NULL;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        return add_utf16(d, piece, length, out);
    }
    return NULL;
}

const char *decoder_end(const struct decoder *d)
{
    return d->has_byte || d->has_high ? "the UTF-16 text ends in the middle of a character" : NULL;
}
