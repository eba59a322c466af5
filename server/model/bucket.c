// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/bucket.h"

#include "base/mem.h"

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

/* The one or two UTF-16 units of the code point at *p; moves *p behind it. */
static size_t next_units(const unsigned char **p, const unsigned char *end, uint16_t ret[2])
{
    size_t n;
    uint32_t point = decode(*p, (size_t)(end - *p), &n);
    *p += n;
    if (point < 0x10000) {
        ret[0] = (uint16_t)point;
        return 1;
    }
    ret[0] = (uint16_t)(0xd7c0 + (point >> 10));
    ret[1] = (uint16_t)(0xdc00 | (point & 0x3ff));
    return 2;
}

static uint32_t add_text(uint32_t state, const char *utf8, size_t length)
{
    const unsigned char *p = (const unsigned char *)utf8;
    const unsigned char *end = p + length;
    while (p < end) {
        uint16_t units[2];
        size_t n = next_units(&p, end, units);
        for (size_t i = 0; i < n; i++)
            state = step(state, units[i]);
    }
    return state;
}

uint32_t bucket_fnv1a(const char *utf8, size_t length)
{
    return add_text(FNV_OFFSET, utf8, length);
}

struct bucket_seed bucket_seed_of(const char *seed)
{
    return (struct bucket_seed){bucket_fnv1a(seed, strlen(seed))};
}

/* Hashes the digits of a number below 10^7 without leading zeros. */
static uint32_t fnv_of_small(uint32_t value)
{
    char digits[8];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    return add_text(FNV_OFFSET, digits + at, sizeof(digits) - at);
}

/* The state behind the decimal of each number that 32 bits can hold over 10^7. */
#define STEP(state, digit) (((state) ^ ('0' + (digit))) * FNV_PRIME)
#define ONE(v)             STEP(FNV_OFFSET, (v) % 10)
#define TWO(v)             STEP(STEP(FNV_OFFSET, (v) / 10), (v) % 10)
#define THREE(v)           STEP(STEP(STEP(FNV_OFFSET, (v) / 100), (v) / 10 % 10), (v) % 10)
#define STATE(v)           ((v) < 10 ? ONE(v) : (v) < 100 ? TWO(v) : THREE(v))
#define TEN(v)                                                                                     \
    STATE(v), STATE((v) + 1), STATE((v) + 2), STATE((v) + 3), STATE((v) + 4), STATE((v) + 5),      \
        STATE((v) + 6), STATE((v) + 7), STATE((v) + 8), STATE((v) + 9)
#define HUNDRED(v)                                                                                 \
    TEN(v), TEN((v) + 10), TEN((v) + 20), TEN((v) + 30), TEN((v) + 40), TEN((v) + 50),             \
        TEN((v) + 60), TEN((v) + 70), TEN((v) + 80), TEN((v) + 90)

static const uint32_t state_behind[UINT32_MAX / 10000000 + 1] = {
    HUNDRED(0u), HUNDRED(100u), HUNDRED(200u), HUNDRED(300u), TEN(400u), TEN(410u), TEN(420u),
};

/* Of the decimal. What stands before the last seven digits is looked up; those come out of a binary
 * fraction one by one, the whole part of ten times what was left, without a division or a branch.
 */
static uint32_t fnv_of_decimal(uint32_t value)
{
    enum { POINT = 57 };
    const uint64_t one_millionth = ((UINT64_C(1) << POINT) + 999999) / 1000000;
    uint32_t front = value / 10000000, back = value % 10000000;
    if (front == 0)
        return fnv_of_small(value);
    uint32_t state = state_behind[front];
    uint64_t left = back * one_millionth;
    for (int i = 0; i < 7; i++) {
        state = step(state, '0' | (uint32_t)(left >> POINT));
        left = (left & ((UINT64_C(1) << POINT) - 1)) * 10;
    }
    return state;
}

void bucket_unit_read(struct bucket_unit *ret, const char *utf8, size_t length)
{
    const unsigned char *p = (const unsigned char *)utf8, *end = p + length;
    size_t count = 0;
    must(length <= BUCKET_UNIT_BYTES);
    while (p < end) {
        if (*p < 0x80)
            ret->units[count++] = *p++;
        else
            count += next_units(&p, end, &ret->units[count]);
    }
    ret->count = count;
}

unsigned bucket_number_seeded(struct bucket_seed seed, const struct bucket_unit *unit)
{
    uint32_t state = seed.state;
    for (size_t i = 0; i < unit->count; i++)
        state = step(state, unit->units[i]);
    return fnv_of_decimal(state) % BUCKETS;
}

/* Each step waits for the one before: four states on their way side by side cost little more than
 * one. */
void bucket_numbers(const struct bucket_seed *seeds, size_t count, const struct bucket_unit *unit,
                    uint16_t *ret_numbers)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        uint32_t a = seeds[i].state, b = seeds[i + 1].state, c = seeds[i + 2].state,
                 d = seeds[i + 3].state;
        for (size_t k = 0; k < unit->count; k++) {
            uint32_t u = unit->units[k];
            a = step(a, u);
            b = step(b, u);
            c = step(c, u);
            d = step(d, u);
        }
        ret_numbers[i] = (uint16_t)(fnv_of_decimal(a) % BUCKETS);
        ret_numbers[i + 1] = (uint16_t)(fnv_of_decimal(b) % BUCKETS);
        ret_numbers[i + 2] = (uint16_t)(fnv_of_decimal(c) % BUCKETS);
        ret_numbers[i + 3] = (uint16_t)(fnv_of_decimal(d) % BUCKETS);
    }
    for (; i < count; i++)
        ret_numbers[i] = (uint16_t)bucket_number_seeded(seeds[i], unit);
}

unsigned bucket_number(const char *seed, const char *unit)
{
    return fnv_of_decimal(add_text(bucket_fnv1a(seed, strlen(seed)), unit, strlen(unit))) % BUCKETS;
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

/* The first bucket whose number is not below x; BUCKETS when there is none. */
static unsigned first_from(double x)
{
    unsigned bucket = x <= 0 ? 0 : x >= 1 ? BUCKETS : (unsigned)(x * BUCKETS);
    while (bucket > 0 && (bucket - 1) / (double)BUCKETS >= x)
        bucket--;
    while (bucket < BUCKETS && bucket / (double)BUCKETS < x)
        bucket++;
    return bucket;
}

void bucket_share_out(const double *weights, size_t count, double coverage,
                      struct bucket_range *ret_ranges)
{
    bool is_weighted = adds_up(weights, count);
    double covered = coverage < 0 ? 0 : coverage > 1 ? 1 : coverage;
    double start = 0;
    for (size_t i = 0; i < count; i++) {
        double weight = is_weighted ? weights[i] : 1 / (double)count;
        ret_ranges[i] =
            (struct bucket_range){first_from(start), first_from(start + covered * weight)};
        start += weight;
    }
}
