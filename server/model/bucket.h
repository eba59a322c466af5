// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which bucket a unit falls into, and which variant owns that bucket. Pure arithmetic, the same
 * here, in the browser SDK and in any re-run: FNV-1a over UTF-16 code units, as a loop over
 * charCodeAt computes it, taken twice so that near seeds and ids do not give near buckets. Texts
 * are valid UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUCKETS    10000u
#define BUCKETS_V1 1000u

/* FNV-1a, 32 bit (offset 0x811c9dc5, prime 0x01000193); each 16-bit unit is XORed whole. */
uint32_t bucket_fnv1a(const char *utf8, size_t length);

/* The hash state behind a seed, so that a phase hashes its seed once and each unit alone. */
struct bucket_seed {
    uint32_t state;
};

struct bucket_seed bucket_seed_of(const char *seed);

/* A unit as the hash sees it, read once and hashed under many seeds. */
#define BUCKET_UNIT_BYTES 256

struct bucket_unit {
    size_t count;
    uint16_t units[BUCKET_UNIT_BYTES]; /* UTF-16; never more than there were bytes */
};

/* 'length' is at most BUCKET_UNIT_BYTES. */
void bucket_unit_read(struct bucket_unit *ret, const char *utf8, size_t length);

/* Hash version 2: fnv(decimal(fnv(seed + unit))) % 10000, meaning the number n/10000. */
unsigned bucket_number_seeded(struct bucket_seed seed, const struct bucket_unit *unit);
/* Computes the same under 'count' seeds at once, several in one pass. */
void bucket_numbers(const struct bucket_seed *seeds, size_t count, const struct bucket_unit *unit,
                    uint16_t *ret_numbers);
/* Computes the same for texts of any length. */
unsigned bucket_number(const char *seed, const char *unit);
/* Hash version 1: fnv(unit + seed) % 1000, meaning the number n/1000. Older payloads carry it. */
unsigned bucket_number_v1(const char *seed, const char *unit);

/* The buckets from 'from' up to below 'to'. */
struct bucket_range {
    unsigned from, to;
};

/* Which buckets each variant owns. With n = bucket/10000, variant i owns [Σw(<i), Σw(<i) +
 * coverage·w_i), summed and compared in doubles in this order, so that local evaluation in the
 * browser agrees to the last bit. Coverage is clamped to [0, 1]; weights that do not add up to 1
 * (within 0.01) count as equal ones. */
void bucket_share_out(const double *weights, size_t count, double coverage,
                      struct bucket_range *ret_ranges);

static inline bool bucket_is_in(const struct bucket_range *range, unsigned bucket)
{
    return (bucket >= range->from) & (bucket < range->to);
}
