// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/simulate/simulate.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* SplitMix64: every state gives an independent-looking stream, so that a visitor's number is
 * enough. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* [0, 1) */
static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) * 0x1p-53;
}

struct share {
    const char *word;
    double part;
};

static const char *pick(uint64_t *state, const struct share *shares, size_t count)
{
    double u = uniform(state);
    for (size_t i = 0; i + 1 < count; u -= shares[i].part, i++)
        if (u < shares[i].part)
            return shares[i].word;
    return shares[count - 1].word;
}

struct simulate_visitor simulate_visitor(uint64_t seed, uint64_t number)
{
    static const struct share devices[] = {{"mobile", 0.6}, {"desktop", 0.32}, {"tablet", 0.08}};
    static const struct share countries[] = {
        {"DE", 0.4}, {"US", 0.25}, {"GB", 0.15}, {"FR", 0.12}, {"NL", 0.08}};
    static const struct share types[] = {{"new", 0.7}, {"returning", 0.3}};
    const double spread = 0.5, turn = 6.283185307179586;
    uint64_t state = seed;
    state = next(&state) ^ (number * UINT64_C(0xd1342543de82ef95));
    struct simulate_visitor v = {.device = pick(&state, devices, COUNT(devices)),
                                 .country = pick(&state, countries, COUNT(countries)),
                                 .type = pick(&state, types, COUNT(types))};
    v.moment = uniform(&state);
    v.luck = uniform(&state);
    double normal = sqrt(-2 * log(1 - uniform(&state))) * cos(turn * uniform(&state));
    /* log-normal with mean 1 */
    v.basket = exp(spread * normal - spread * spread / 2);
    v.quantity = 1 + (int)(uniform(&state) * 3);
    v.pages = 1 + (int)(uniform(&state) * 5);
    return v;
}

void simulate_name(const struct simulation *s, uint64_t number, char ret_id[SIMULATE_ID_SIZE])
{
    snprintf(ret_id, SIMULATE_ID_SIZE, "sim-%s-%d-%lld-%llu", s->options->campaign, s->phase,
             (long long)s->options->seed, (unsigned long long)number);
}

static struct simulate_variant *find(struct simulation *s, const char *key, size_t length)
{
    for (size_t i = 0; i < s->variant_count; i++)
        if (strlen(s->variants[i].key) == length && memcmp(s->variants[i].key, key, length) == 0)
            return &s->variants[i];
    return NULL;
}

static void set(struct simulate_variant *v, size_t offset, double value)
{
    *(double *)(void *)((char *)v + offset) = value;
}

/* "0.1" or "a=0.1,b=0.12" */
static enum err read_numbers(struct simulation *s, const char *option, const char *text,
                             size_t offset, struct fault *fault)
{
    double most = offset == offsetof(struct simulate_variant, rate) ? 1 : 1e9;
    const char *at = text;
    do {
        size_t key = strcspn(at, "=,");
        bool has_key = at[key] == '=';
        struct simulate_variant *v = has_key ? find(s, at, key) : NULL;
        if (has_key && !v)
            return fault_set(fault, ERR_INVALID, "", "--%s: the campaign has no variant \"%.*s\"",
                             option, (int)key, at);
        const char *number = has_key ? at + key + 1 : at;
        char *end;
        double value = strtod(number, &end);
        if ((*end && *end != ',') || end == number || !(value >= 0 && value <= most))
            return fault_set(fault, ERR_INVALID, "",
                             "--%s: give a number from 0 to %g, or VARIANT=NUMBER,…, not \"%s\"",
                             option, most, text);
        for (size_t i = 0; i < s->variant_count; i++)
            if (!v || v == &s->variants[i])
                set(&s->variants[i], offset, value);
        at = *end ? end + 1 : end;
    } while (*at);
    return ERR_OK;
}

enum err simulate_plan(struct simulation *s, const json_t *campaign, struct fault *ret_fault)
{
    const json_t *variants = json_object_get(campaign, "variants");
    s->phase = (int)json_integer_value(json_object_get(campaign, "phase"));
    if (json_array_size(variants) > SIMULATE_VARIANTS)
        return fault_set(ret_fault, ERR_TOO_LARGE, "", "the campaign has more than %d variants",
                         SIMULATE_VARIANTS);
    for (size_t i = 0; i < json_array_size(variants); i++) {
        const json_t *variant = json_array_get(variants, i);
        s->variants[s->variant_count++] = (struct simulate_variant){
            .key = json_string_value(json_object_get(variant, "key")),
            .is_control = json_is_true(json_object_get(variant, "is_control")),
            .rate = (10 + (double)i) / 100,
            .aov = 60};
    }
    enum err e = ERR_OK;
    if (s->options->rates)
        e = read_numbers(s, "rates", s->options->rates, offsetof(struct simulate_variant, rate),
                         ret_fault);
    if (!e && s->options->aov)
        e = read_numbers(s, "aov", s->options->aov, offsetof(struct simulate_variant, aov),
                         ret_fault);
    return e;
}
