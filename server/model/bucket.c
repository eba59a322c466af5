// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/bucket.h"

#include <stdbool.h>
#include <string.h>

#define FNV_OFFSET UINT32_C(0x811c9dc5)
#define FNV_PRIME  UINT32_C(0x01000193)

static uint32_t step(uint32_t state, uint32_t unit)
{
    return (state ^ unit) * FNV_PRIME;
}

/* The code point at p; *ret_length bytes long. The text is valid, but a cut sequence at its end
 * must not be read past: its lead byte then stands for itself. */
static uint32_t decode(const unsigned char *p, size_t left, size_t *ret_length)
{
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 1;
    *ret_length = n <= left ? n : 1;
    if (*ret_length == 1)
        return p[0];
    uint32_t point = p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        point = point << 6 | (p[i] & 0x3f);
    return point;
}

static uint32_t add_text(uint32_t state, const char *utf8, size_t length)
{
    const unsigned char *p = (const unsigned char *)utf8;
    const unsigned char *end = p + length;
    for (;;) {
        while (p < end && *p < 0x80)
            state = step(state, *p++);
        if (p == end)
            return state;
        size_t n;
        uint32_t point = decode(p, (size_t)(end - p), &n);
        p += n;
        if (point >= 0x10000) {
            state = step(state, 0xd7c0 + (point >> 10));
            point = 0xdc00 | (point & 0x3ff);
        }
        state = step(state, point);
    }
}

uint32_t bucket_fnv1a(const char *utf8, size_t length)
{
    return add_text(FNV_OFFSET, utf8, length);
}

struct bucket_seed bucket_seed_of(const char *seed)
{
    return (struct bucket_seed){bucket_fnv1a(seed, strlen(seed))};
}

/* Two digits at a time: this runs for every running campaign in every decision. */
static uint32_t fnv_of_decimal(uint32_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[10];
    size_t at = sizeof(digits);
    for (; value >= 100; value /= 100)
        memcpy(digits + (at -= 2), pairs + 2 * (value % 100), 2);
    if (value >= 10)
        memcpy(digits + (at -= 2), pairs + 2 * value, 2);
    else
        digits[--at] = (char)('0' + value);
    uint32_t state = FNV_OFFSET;
    for (; at < sizeof(digits); at++)
        state = step(state, (unsigned char)digits[at]);
    return state;
}

unsigned bucket_number_seeded(struct bucket_seed seed, const char *unit, size_t unit_length)
{
    return fnv_of_decimal(add_text(seed.state, unit, unit_length)) % BUCKETS;
}

unsigned bucket_number(const char *seed, const char *unit)
{
    return bucket_number_seeded(bucket_seed_of(seed), unit, strlen(unit));
}

unsigned bucket_number_v1(const char *seed, const char *unit)
{
    uint32_t state = bucket_fnv1a(unit, strlen(unit));
    return add_text(state, seed, strlen(seed)) % BUCKETS_V1;
}

static bool adds_up(const double *weights, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += weights[i];
    return !(total < 0.99 || total > 1.01);
}

int bucket_choose(double n, const double *weights, size_t count, double coverage)
{
    bool is_weighted = adds_up(weights, count);
    double covered = coverage < 0 ? 0 : coverage > 1 ? 1 : coverage;
    double start = 0;
    for (size_t i = 0; i < count; i++) {
        double weight = is_weighted ? weights[i] : 1 / (double)count;
        if (n >= start && n < start + covered * weight)
            return (int)i;
        start += weight;
    }
    return -1;
}
