// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Text files of other systems as UTF-8: which encoding the first bytes speak of, and the conversion
 * in pieces of any size. Pure; what is no text is refused and never replaced.
 */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_WINDOWS_1252 };

/* By a byte order mark, else by where NULs stand: every second byte of UTF-16 is one. UTF-8 where
 * neither tells. */
enum encoding encoding_find(const char *start, size_t length);
/* "UTF-16LE"; and back, in any case. */
const char *encoding_name(enum encoding e);
bool encoding_read(const char *name, enum encoding *ret);

/* What a piece ended in the middle of. Zero-initialised but for the encoding. */
struct decoder {
    enum encoding encoding;
    bool has_byte, has_high;
    uint8_t byte;
    uint32_t high; /* first half of a surrogate pair */
};

/* Appends the piece as UTF-8. NULL, or what is wrong with it. */
const char *decoder_add(struct decoder *d, const char *piece, size_t length, struct buf *out);
/* The file is over: NULL, or what is missing. */
const char *decoder_end(const struct decoder *d);
