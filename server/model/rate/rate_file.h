// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Files of exchange rates: the euro reference rates of the European Central Bank, as CSV (a column
 * a currency, a row a day) and XML (Cube elements), of a day or of all history; and CSV with a row
 * a rate, with columns day, currency, rate and perhaps base. Pure.
 */
#pragma once

#include "model/rate/rate_list.h"

/* Adds what the text says; 'text' is written to. 'base' is what it counts in where it does not say
 * so; NULL: EUR, or 'own' with a row a rate. Empty and N/A is no rate. ERR_INVALID with the line in
 * the sentence. */
enum err rate_file_read(char *text, size_t length, const char *base, const char *own,
                        struct rate_list *list, struct fault *ret_fault) must_use;
