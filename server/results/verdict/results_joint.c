// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/verdict/results_joint.h"

#include "results/sums/results_find.h"

#include "stats/core/dist.h"

#include <math.h>

#define VARIANTS_MAX  10 /* the overlap job joins no more */
#define EXPECTED_MIN  5
#define ALARM_P       0.001
#define CONCENTRATION 100

/* Units by variant here and variant there; rows and columns without units are left out. */
struct table {
    uint64_t units[VARIANTS_MAX][VARIANTS_MAX];
    double weights[VARIANTS_MAX];
    double row_sums[VARIANTS_MAX], column_sums[VARIANTS_MAX], sum;
    size_t rows, columns;
};

static uint64_t units_of(const struct results_other *other, const char *variant, size_t there)
{
    return results_sums_of(results_find_overlap(other, variant, other->variants[there].key)).units;
}

static void add_row(struct table *t, const struct results_other *other, const char *variant)
{
    double sum = 0;
    t->columns = 0;
    for (size_t i = 0; i < other->variant_count; i++) {
        double weight = other->variants[i].share;
        if (!(weight > 0) || t->columns == VARIANTS_MAX)
            continue;
        uint64_t units = units_of(other, variant, i);
        t->weights[t->columns] = weight;
        t->units[t->rows][t->columns++] = units;
        sum += (double)units;
    }
    if (!(sum > 0))
        return;
    for (size_t j = 0; j < t->columns; j++)
        t->column_sums[j] += (double)t->units[t->rows][j];
    t->row_sums[t->rows++] = sum;
    t->sum += sum;
}

static struct table table_of(const struct results *r, const struct results_other *other)
{
    struct table t = {.rows = 0};
    for (size_t v = 0; v < r->variant_count && t.rows < VARIANTS_MAX; v++)
        add_row(&t, other, r->variants[v].key);
    return t;
}

static void test_independence(struct results_joint *j, const struct table *t)
{
    double chi2 = 0, least = INFINITY;
    size_t columns = 0;
    for (size_t k = 0; k < t->columns; k++) {
        if (!(t->column_sums[k] > 0))
            continue;
        columns++;
        for (size_t i = 0; i < t->rows; i++) {
            double expected = t->row_sums[i] * t->column_sums[k] / t->sum;
            double rest = (double)t->units[i][k] - expected;
            least = fmin(least, expected);
            chi2 += rest * rest / expected;
        }
    }
    j->status = t->rows < 2 || columns < 2 ? STATS_SINGLE_ARM : STATS_INSUFFICIENT_DATA;
    if (j->status == STATS_SINGLE_ARM || least < EXPECTED_MIN)
        return;
    double df = (double)((t->rows - 1) * (columns - 1));
    j->status = STATS_OK;
    j->chi2 = stats_known(chi2);
    j->df = stats_known(df);
    j->p = stats_known(stats_chi2_q(chi2, df));
}

static void copy_units(const struct results *r, struct results_joint *j)
{
    const struct results_other *other = j->other;
    uint64_t *units =
        arena_zalloc(r->arena, (r->variant_count * other->variant_count + 1) * sizeof(*units));
    const char **keys = arena_zalloc(r->arena, (other->variant_count + 1) * sizeof(*keys));
    for (size_t i = 0; i < other->variant_count; i++)
        keys[i] = other->variants[i].key;
    for (size_t v = 0; v < r->variant_count; v++)
        for (size_t i = 0; i < other->variant_count; i++)
            units[v * other->variant_count + i] = units_of(other, r->variants[v].key, i);
    j->units = units;
    j->rows = r->variant_count;
    j->columns = other->variant_count;
    j->other_variants = keys;
}

/* The rows are independent and each is split by the same weights: their evidence adds up, and its
 * exponential is a p-value whenever it is read. It also speaks where the other campaign has lost
 * visitors of one variant everywhere, which is no dependence: so both must alarm. */
static void judge(struct results_joint *j, const struct table *t)
{
    double log_bayes = 0;
    test_independence(j, t);
    if (j->status)
        return;
    for (size_t i = 0; i < t->rows; i++)
        log_bayes += stats_srm_log_bayes(t->units[i], t->weights, t->columns, CONCENTRATION);
    j->log_bayes = stats_known(log_bayes);
    j->is_alarm = j->p.value < ALARM_P && exp(-log_bayes) <= ALARM_P;
}

struct results_joint results_joint_of(const struct results *r, const struct results_other *other)
{
    struct results_joint j = {.other = other, .as_of = r->overlap.as_of};
    struct table t = table_of(r, other);
    judge(&j, &t);
    j.answer = j.status ? stats_status_name(j.status) : j.is_alarm ? "alarm" : "ok";
    copy_units(r, &j);
    return j;
}
