// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/order/rank.h"

#include <math.h>
#include <string.h>

enum { MAX = STATS_RANK_EXACT };

/* Ways to reach (treatment units so far, twice U so far), flattened; the smaller arm counts. */
struct ways {
    size_t units, width; /* width = 2 n1 n2 + 1 */
    double way[(MAX / 2 + 1) * (2 * (MAX / 2) * (MAX / 2) + 1)];
};

static double choose(uint64_t n, uint64_t k)
{
    double c = 1;
    for (uint64_t i = 1; i <= k; i++)
        c = c * (double)(n - k + i) / (double)i;
    return round(c);
}

/* One group of t tied values above `seen` lower ones: k of them go to the counted arm. In place,
 * from the most units down, since every step adds units. */
static void add_group(struct ways *w, uint64_t t, uint64_t seen)
{
    for (size_t units = w->units; units > 0; units--) {
        for (uint64_t k = 1; k <= t && k <= units; k++) {
            uint64_t before = units - k;
            if (before > seen)
                continue;
            size_t gain = 2 * k * (seen - before) + k * (t - k);
            double ways = choose(t, k), *to = w->way + units * w->width;
            const double *from = w->way + before * w->width;
            for (size_t s = gain; s < w->width; s++)
                to[s] += ways * from[s - gain];
        }
    }
}

struct counts {
    uint64_t n1, n2;
    size_t twice_u;
    bool has_ties;
};

/* Before anything is added up, so that nothing can wrap. */
static bool are_few(const struct stats_rank_group *groups, size_t count)
{
    uint64_t units = 0;
    for (size_t i = 0; i < count && units <= MAX; i++) {
        if (groups[i].control > MAX || groups[i].treatment > MAX)
            return false;
        units += groups[i].control + groups[i].treatment;
    }
    return units <= MAX;
}

static struct counts count_groups(const struct stats_rank_group *groups, size_t count)
{
    struct counts c = {0};
    for (size_t i = 0; i < count; i++) {
        c.twice_u += groups[i].treatment * (2 * c.n1 + groups[i].control);
        c.n1 += groups[i].control;
        c.n2 += groups[i].treatment;
        c.has_ties = c.has_ties || groups[i].control + groups[i].treatment > 1;
    }
    return c;
}

/* The smallest u with P(U <= u) >= tail, at least 1; twice_u steps by 2 without ties. */
static uint64_t shift_rank(const double *way, size_t width, double total, double tail)
{
    double sum = 0;
    for (size_t s = 0; s < width; s += 2) {
        sum += way[s];
        if (sum / total >= tail)
            return s > 2 ? s / 2 : 1;
    }
    return 1;
}

struct stats_rank_exact stats_rank_exact(const struct stats_rank_group *groups, size_t count,
                                         double conf)
{
    struct stats_rank_exact r = {.status = STATS_INVALID};
    if (!are_few(groups, count))
        return r;
    struct counts c = count_groups(groups, count);
    if (c.n1 == 0 || c.n2 == 0 || c.n1 + c.n2 > MAX || !(conf > 0 && conf < 1))
        return r;
    bool is_swapped = c.n2 > c.n1; /* U of the control arm is n1 n2 - U */
    size_t middle = c.n1 * c.n2, observed = is_swapped ? 2 * middle - c.twice_u : c.twice_u;
    struct ways w;
    w.units = is_swapped ? c.n1 : c.n2;
    w.width = 2 * middle + 1;
    memset(w.way, 0, (w.units + 1) * w.width * sizeof(w.way[0]));
    w.way[0] = 1;
    uint64_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t t = groups[i].control + groups[i].treatment;
        add_group(&w, t, seen);
        seen += t;
    }
    const double *way = w.way + w.units * w.width;
    size_t distance = observed > middle ? observed - middle : middle - observed;
    double total = 0, extreme = 0, above = 0, below = 0;
    for (size_t s = 0; s < w.width; s++) {
        total += way[s];
        extreme += (s > middle ? s - middle : middle - s) >= distance ? way[s] : 0;
        above += s >= observed ? way[s] : 0;
        below += s <= observed ? way[s] : 0;
    }
    r.status = STATS_OK;
    r.p = extreme / total;
    r.p_greater = (is_swapped ? below : above) / total;
    r.p_less = (is_swapped ? above : below) / total;
    if (!c.has_ties)
        r.shift_rank = shift_rank(way, w.width, total, (1 - conf) / 2);
    return r;
}

struct stats_permutation stats_permutation(const double *values, size_t n_control,
                                           size_t n_treatment)
{
    struct stats_permutation r = {.status = STATS_NO_DATA};
    size_t n = n_control + n_treatment;
    if (n_control == 0 || n_treatment == 0)
        return r;
    r.status = STATS_INVALID;
    if (n_control > STATS_PERMUTATION_MAX || n_treatment > STATS_PERMUTATION_MAX ||
        n > STATS_PERMUTATION_MAX)
        return r;
    double total = 0, control = 0, largest = 0, na = (double)n_control, nb = (double)n_treatment;
    for (size_t i = 0; i < n; i++) {
        total += values[i];
        control += i < n_control ? values[i] : 0;
        largest = fmax(largest, fabs(values[i]));
    }
    if (!isfinite(largest * 2 * (double)n) || isnan(total))
        return r;
    r.diff = (total - control) / nb - control / na;
    double least = fabs(r.diff) - 1e-12 * largest;
    uint64_t extreme = 0;
    /* Every set of n_control bits, by Gosper's hack. */
    for (uint64_t set = ((uint64_t)1 << n_control) - 1; set < (uint64_t)1 << n;) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += set >> i & 1 ? values[i] : 0;
        extreme += fabs((total - sum) / nb - sum / na) >= least;
        r.permutations++;
        uint64_t low = set & -set, ripple = set + low;
        set = ripple | (((set ^ ripple) >> 2) / low);
    }
    r.status = STATS_OK;
    r.p = (double)extreme / (double)r.permutations;
    return r;
}
