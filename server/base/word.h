// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Eight bytes of text at a time, in one number. Marks: the high bit of each byte that was looked
 * for; they are right up to and including the first.
 */
#pragma once

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WORD_BYTES sizeof(uint64_t)
#define WORD_ONES  (UINT64_MAX / 255)
#define WORD_HIGHS (WORD_ONES * 0x80)

static inline uint64_t word_read(const char *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof(word));
    return le64toh(word);
}

/* Bytes below 'bound', which is at most 0x80. */
static inline uint64_t word_below(uint64_t word, unsigned char bound)
{
    return (word - WORD_ONES * bound) & ~word & WORD_HIGHS;
}

static inline uint64_t word_equal(uint64_t word, unsigned char byte)
{
    return word_below(word ^ WORD_ONES * byte, 1);
}

/* Where the first mark stands; there is one. */
static inline size_t word_first(uint64_t marks)
{
    return (size_t)__builtin_ctzll(marks) / 8;
}
