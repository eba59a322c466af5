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
        if (*p < 0x80) {
            state = step(state, *p++);
            continue;
        }
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

/* The digits of a number below 10^7 come out of a binary fraction one by one, the whole part of ten
 * times what was left, without a division or a branch. The fraction is at most 2.2 units of 2^-28
 * too large and never too small; a digit would be wrong from 268 on. */
#define DIGITS          7
#define FRACTION_BITS   28
#define FRACTION_MASK   ((UINT32_C(1) << FRACTION_BITS) - 1)
#define SCALE_BITS      23
#define SCALE           ((((UINT64_C(1) << (FRACTION_BITS + SCALE_BITS)) + 999999) / 1000000))
#define FRACTION(below) (((below)*SCALE >> SCALE_BITS) + 1)

/* Of the decimal. What stands before the last seven digits is looked up. */
static uint32_t fnv_of_decimal(uint32_t value)
{
    uint32_t front = value / 10000000, back = value % 10000000;
    if (front == 0)
        return fnv_of_small(value);
    uint32_t state = state_behind[front];
    uint32_t left = (uint32_t)FRACTION(back);
    for (int i = 0; i < DIGITS; i++) {
        state = step(state, '0' | left >> FRACTION_BITS);
        left = (left & FRACTION_MASK) * 10;
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

/* Many states at once: each step waits for the one before, so GROUPS of LANES go side by side, a
 * group in one instruction where the machine has them. A pass costs about as much as SOME alone. */
#define LANES  8
#define GROUPS 4
#define MANY   (LANES * GROUPS)
#define SOME   12

typedef uint32_t lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));
typedef uint64_t wide_lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));

#define EACH_GROUP(g) _Pragma("GCC unroll 4") for (size_t g = 0; g < GROUPS; g++)
#define INLINE        static inline __attribute__((always_inline))

INLINE void step_all(lanes states[GROUPS], const struct bucket_unit *unit)
{
    for (size_t k = 0; k < unit->count; k++)
        EACH_GROUP(g)
            states[g] = (states[g] ^ unit->units[k]) * FNV_PRIME;
}

/* As fnv_of_decimal of each number, which is 10^7 or more. */
INLINE void fnv_of_decimals(const uint32_t values[MANY], uint32_t ret[MANY])
{
    lanes states[GROUPS], left[GROUPS];
    uint32_t backs[MANY];
    for (size_t i = 0; i < MANY; i++) {
        ret[i] = state_behind[values[i] / 10000000];
        backs[i] = values[i] % 10000000;
    }
    memcpy(states, ret, sizeof(states));
    memcpy(left, backs, sizeof(left));
    EACH_GROUP(g)
        left[g] =
            __builtin_convertvector(FRACTION(__builtin_convertvector(left[g], wide_lanes)), lanes);
    for (int i = 0; i < DIGITS; i++)
        EACH_GROUP(g) {
            states[g] = (states[g] ^ ('0' | left[g] >> FRACTION_BITS)) * FNV_PRIME;
            left[g] = (left[g] & FRACTION_MASK) * 10;
        }
    memcpy(ret, states, sizeof(states));
}

INLINE void numbers_of_many(const struct bucket_seed seeds[MANY], const struct bucket_unit *unit,
                            uint16_t ret_numbers[MANY])
{
    lanes states[GROUPS];
    uint32_t values[MANY], hashes[MANY];
    memcpy(states, seeds, sizeof(states));
    step_all(states, unit);
    memcpy(values, states, sizeof(values));
    fnv_of_decimals(values, hashes);
    for (size_t i = 0; i < MANY; i++)
        ret_numbers[i] = (uint16_t)(hashes[i] % BUCKETS);
    for (size_t i = 0; i < MANY; i++)
        if (values[i] < 10000000)
            ret_numbers[i] = (uint16_t)(fnv_of_small(values[i]) % BUCKETS);
}

typedef void many_fn(const struct bucket_seed seeds[MANY], const struct bucket_unit *unit,
                     uint16_t ret_numbers[MANY]);

static void numbers_anywhere(const struct bucket_seed seeds[MANY], const struct bucket_unit *unit,
                             uint16_t ret_numbers[MANY])
{
    numbers_of_many(seeds, unit, ret_numbers);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void numbers_by_avx2(const struct bucket_seed seeds[MANY],
                                                            const struct bucket_unit *unit,
                                                            uint16_t ret_numbers[MANY])
{
    numbers_of_many(seeds, unit, ret_numbers);
}
#define MANY_FN (__builtin_cpu_supports("avx2") ? numbers_by_avx2 : numbers_anywhere)
#else
#define MANY_FN numbers_anywhere
#endif

void bucket_numbers(const struct bucket_seed *seeds, size_t count, const struct bucket_unit *unit,
                    uint16_t *ret_numbers)
{
    many_fn *numbers = MANY_FN;
    size_t i = 0;
    for (; count - i >= MANY; i += MANY)
        numbers(seeds + i, unit, ret_numbers + i);
    if (count - i > SOME) {
        struct bucket_seed padded[MANY] = {0};
        uint16_t found[MANY];
        memcpy(padded, seeds + i, (count - i) * sizeof(*seeds));
        numbers(padded, unit, found);
        memcpy(ret_numbers + i, found, (count - i) * sizeof(*found));
        return;
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
