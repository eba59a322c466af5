// SPDX-License-Identifier: GPL-3.0-or-later
#include "sales.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void sales_draw(struct sales *sales, struct stream *stream, uint64_t n, double rate, double sigma)
{
    sales->n = n;
    sales->buyers = (size_t)stream_binomial(stream, n, rate);
    if (sales->buyers > SALES_MAX)
        abort();
    for (size_t i = 0; i < sales->buyers; i++)
        sales->values[i] = exp(sigma * stream_normal(stream));
}

struct stats_moments sales_moments(const struct sales *sales, double cap)
{
    struct stats_running r = {0}, none = {.rest = {.n = sales->n - sales->buyers}};
    for (size_t i = 0; i < sales->buyers; i++)
        stats_running_add(&r, fmin(cap, sales->values[i]));
    stats_running_merge(&r, &none);
    return stats_running_moments(&r);
}

/* The k-th largest (0: the largest) of values, which are put in another order [Hoare 1961]. */
static double kth_largest(double *values, size_t count, size_t k)
{
    size_t from = 0, to = count - 1;
    while (from < to) {
        double pivot = values[from + (to - from) / 2];
        size_t i = from, j = to;
        while (i <= j) {
            while (values[i] > pivot)
                i++;
            while (values[j] < pivot)
                j--;
            if (i > j)
                break;
            double kept = values[i];
            values[i++] = values[j];
            values[j] = kept;
            if (j-- == 0)
                break;
        }
        if (k >= i)
            from = i;
        else if (j < count && k <= j)
            to = j;
        else
            break;
    }
    return values[k];
}

double sales_cap(struct sales_pair *pair)
{
    const struct sales *a = &pair->arm[0], *b = &pair->arm[1];
    size_t above = (size_t)((a->n + b->n) / 1000), all = a->buyers + b->buyers;
    if (above >= all)
        return INFINITY;
    memcpy(pair->work, a->values, a->buyers * sizeof(double));
    memcpy(pair->work + a->buyers, b->values, b->buyers * sizeof(double));
    return kth_largest(pair->work, all, above);
}

static gzFile open_record(void)
{
    static const char name[] = "data/hillstrom_email_2008.csv.gz";
    const char *shared = getenv("METE_SHARED");
    char path[4096];
    if (!shared || !*shared)
        shared = "../shared";
    snprintf(path, sizeof(path), "%s%s/%s", *shared == '/' ? "" : SOURCE_ROOT "/", shared, name);
    return gzopen(path, "r");
}

struct sales_record *sales_record_read(void)
{
    char line[512];
    gzFile file = open_record();
    if (!file)
        return NULL;
    struct sales_record *record = calloc(1, sizeof(*record));
    if (!record || !gzgets(file, line, sizeof(line)))
        abort();
    while (gzgets(file, line, sizeof(line))) {
        const char *last = strrchr(line, ',');
        double spend = last ? atof(last + 1) : 0;
        record->n++;
        if (spend > 0 && record->buyers < sizeof(record->values) / sizeof(record->values[0]))
            record->values[record->buyers++] = spend;
    }
    gzclose(file);
    return record;
}

void sales_split(struct sales_record *record, struct stream *stream, double share)
{
    struct sales *arm = record->pair.arm;
    uint64_t rest = record->n - record->buyers, n = stream_binomial(stream, rest, share);
    arm[0].n = rest - n;
    arm[1].n = n;
    arm[0].buyers = arm[1].buyers = 0;
    for (size_t i = 0; i < record->buyers; i++) {
        struct sales *to = &arm[stream_unit(stream) < share];
        to->n++;
        to->values[to->buyers++] = record->values[i];
    }
}
