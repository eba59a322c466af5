// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Numbers as people and spreadsheets write them: a decimal comma or point, and marks between
 * thousands (1.234,56; 1,234.56; 1 234,56; 1'234.56), with a currency before or behind them. A cell
 * is read by its column's decimal sign, which is found over the whole column: one cell as "1,234"
 * does not tell it. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_BYTES 80

/* Rewrites a number with the decimal sign '.' or ',' to digits, a point and an exponent, with
 * nothing between thousands, and no currency. False when it is none: marks that do not part threes
 * are none, nor are two currencies. */
bool number_plain(char decimal, const char *text, char ret[NUMBER_BYTES]);

/* What the cells of a column say about its decimal sign. Zero-initialised: nothing yet. */
struct number_evidence {
    uint64_t commas, points;           /* cells that are a number with this sign alone */
    uint64_t open_commas, open_points; /* with a mark that may be either: "1,234", "1.234" */
    uint64_t open_line;                /* of the first of these, and what it holds */
    char open_text[NUMBER_BYTES];
    bool has_mark[4]; /* between thousands: as number_marks */
    /* As currency_sign calls them, with the lines of the first: NULL: none. */
    const char *currency, *other_currency;
    uint64_t currency_line, other_line;
};

extern const char *const number_marks[4];

void number_evidence_add(struct number_evidence *e, const char *text, uint64_t line);
/* '.' or ','; '\0' when the column can be read both ways. In a file of commas between fields a lone
 * point is a decimal one. */
char number_evidence_decimal(const struct number_evidence *e, char separator);
