// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Dates with the year last: 31.01.2024, 31/01/2024, 1/31/2024, 31-01-2024, 31.01.24 (a year of two
 * digits is of this century), with a time of day behind or without. Points mean that the day comes
 * first; of the others the whole column tells, unless no day of it is above 12. In 24-01-31 the
 * year may stand first, too: it has to be said. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DAY_BYTES 64

/* Rewrites such a date, and a time of day as "1:05 PM", to "2024-01-31 13:05"; what stands behind
 * it stays. False when the text is none, or one with its month where its day should be. */
bool day_plain(bool is_month_first, const char *text, char ret[DAY_BYTES]);

struct day_evidence {
    uint64_t points;                 /* cells as 31.01.2024 */
    uint64_t day_first, month_first; /* other cells that can be read in this way alone */
    uint64_t open;                   /* as 02/03/2024 */
    uint64_t open_line;              /* of the first of these, and what it holds */
    char open_text[DAY_BYTES];
    uint64_t short_years, short_dashes; /* as 31.01.24; as 01-02-24 */
    uint64_t short_line;                /* of the first with dashes */
    char short_text[DAY_BYTES];         /* the first of all */
};

void day_evidence_add(struct day_evidence *e, const char *text, uint64_t line);
/* Whether the column can be read both ways. */
bool day_evidence_is_open(const struct day_evidence *e);
bool day_evidence_is_month_first(const struct day_evidence *e);
