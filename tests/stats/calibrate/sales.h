// SPDX-License-Identifier: GPL-3.0-or-later
/* Money per visitor: most visitors buy nothing, buyers spend very unequally. */
#pragma once

#include "stream.h"

#include <stddef.h>

enum { SALES_MAX = 60000 };

/* One arm: n visitors, of whom `buyers` spent values[]. */
struct sales {
    uint64_t n;
    size_t buyers;
    double values[SALES_MAX];
};

struct sales_pair {
    struct sales arm[2];
    double work[2 * SALES_MAX];
};

/* n visitors, each a buyer with chance `rate`, of exp(sigma Z) each. */
void sales_draw(struct sales *sales, struct stream *stream, uint64_t n, double rate, double sigma);
/* Exact moments; values above cap count as cap (INFINITY: none). */
struct stats_moments sales_moments(const struct sales *sales, double cap);
/* The value that one in a thousand visitors of both arms exceed: one cap for both. */
double sales_cap(struct sales_pair *pair);

/* What n recorded visitors spent. */
struct sales_record {
    uint64_t n;
    size_t buyers;
    double values[2000];
    struct sales_pair pair;
};

/* Spend of Hillstrom's e-mail experiment, from METE_SHARED/data (else ../shared beside the
 * sources); NULL where it is not there. Freed by free(). */
struct sales_record *sales_record_read(void);
/* Assigns every recorded visitor anew, to treatment with chance `share`. */
void sales_split(struct sales_record *record, struct stream *stream, double share);
