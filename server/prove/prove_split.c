// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "prove/prove_private.h"

#define HOUR_US (3600 * SECOND_US)

/* Whole hours, as few between two looks as PROVE_LOOKS allows; within one day, equal numbers of
 * units instead. */
void prove_looks_init(struct prove_bench *b, struct arena *arena)
{
    const struct prove_units *u = b->units;
    const int64_t first_us = u->exposed_us[0], span_us = u->exposed_us[u->count - 1] - first_us;
    size_t most = u->count < PROVE_LOOKS ? u->count : PROVE_LOOKS;
    b->look_end = arena_alloc(arena, (most + 1) * sizeof(*b->look_end));
    if (span_us < DAY_US) {
        b->looks = most;
        for (size_t i = 0; i < most; i++)
            b->look_end[i] = u->count * (i + 1) / most;
        return;
    }
    b->look_us = (span_us / HOUR_US / PROVE_LOOKS + 1) * HOUR_US;
    for (size_t i = 0; i < u->count; i++) {
        bool is_last = i + 1 == u->count;
        if (is_last || (u->exposed_us[i] - first_us) / b->look_us !=
                           (u->exposed_us[i + 1] - first_us) / b->look_us)
            b->look_end[b->looks++] = i + 1;
    }
}

static int64_t below_of(const struct prove_metric *m, size_t unit)
{
    return m->kind == PROVE_RATIO ? m->denominator[unit] : 0;
}

static void add(struct prove_sums *s, int64_t x, int64_t y)
{
    s->nonzero++;
    s->x += x;
    s->xx += (__int128)x * x;
    s->y += y;
    s->yy += (__int128)y * y;
    s->xy += (__int128)x * y;
}

static void total(const struct prove_bench *b, struct prove_column *c)
{
    struct prove_sums sums = {0};
    size_t at = 0;
    for (size_t look = 0; look < b->looks; look++) {
        for (; at < c->count && c->index[at] < b->look_end[look]; at++)
            add(&sums, c->x[at], c->y[at]);
        sums.units = b->look_end[look];
        c->look_end[look] = at;
        c->totals[look] = sums;
    }
}

static void gather(const struct prove_bench *b, struct prove_column *c, struct arena *arena)
{
    const struct prove_metric *m = c->metric;
    const size_t units = b->units->count;
    for (size_t i = 0; i < units; i++)
        c->count += m->numerator[i] != 0 || below_of(m, i) != 0;
    c->index = arena_alloc(arena, (c->count + 1) * sizeof(*c->index));
    c->x = arena_alloc(arena, (c->count + 1) * sizeof(*c->x));
    c->y = arena_alloc(arena, (c->count + 1) * sizeof(*c->y));
    for (size_t i = 0, at = 0; i < units; i++) {
        if (m->numerator[i] == 0 && below_of(m, i) == 0)
            continue;
        c->index[at] = (uint32_t)i;
        c->x[at] = m->numerator[i];
        c->y[at++] = below_of(m, i);
    }
}

void prove_columns_init(struct prove_bench *b, struct arena *arena)
{
    const double alpha = 1 - b->plan->confidence;
    b->columns = arena_zalloc(arena, b->units->metric_count * sizeof(*b->columns));
    for (size_t i = 0; i < b->units->metric_count; i++) {
        struct prove_column *c = &b->columns[i];
        c->metric = &b->units->metrics[i];
        c->test = c->metric->test ? c->metric->test : prove_test_of(c->metric->kind);
        c->look_end = arena_alloc(arena, b->looks * sizeof(*c->look_end));
        c->totals = arena_alloc(arena, b->looks * sizeof(*c->totals));
        gather(b, c, arena);
        total(b, c);
        c->tau = prove_tau(c->metric->kind, &c->totals[b->looks - 1], alpha);
    }
    b->split.bits = arena_alloc(arena, (b->units->count / 64 + 1) * sizeof(*b->split.bits));
    b->split.treated = arena_alloc(arena, b->looks * sizeof(*b->split.treated));
    b->split.of = arena_alloc(arena, b->looks * sizeof(*b->split.of));
}

static bool is_treated(const struct prove_split *s, size_t unit)
{
    return s->bits[unit / 64] >> unit % 64 & 1;
}

void prove_split_draw(struct prove_bench *b, uint64_t run)
{
    struct prove_split *s = &b->split;
    uint64_t count = 0;
    size_t unit = 0;
    for (size_t i = 0; i <= b->units->count / 64; i++)
        s->bits[i] = prove_random(b->plan->seed, run, i);
    for (size_t look = 0; look < b->looks; look++) {
        for (; unit < b->look_end[look]; unit++)
            count += is_treated(s, unit);
        s->treated[look] = count;
    }
}

void prove_split_sum(struct prove_bench *b, const struct prove_column *c)
{
    struct prove_sums sums = {0};
    size_t at = 0;
    for (size_t look = 0; look < b->looks; look++) {
        for (; at < c->look_end[look]; at++)
            if (is_treated(&b->split, c->index[at]))
                add(&sums, c->x[at], c->y[at]);
        sums.units = b->split.treated[look];
        b->split.of[look] = sums;
    }
}
