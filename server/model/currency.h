// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Currencies of ISO 4217 in use, and how many decimal digits their minor unit has: money is exact,
 * in whole minor units.
 */
#pragma once

/* -1: there is no such currency. 'code' is upper case. */
int currency_digits(const char *code);
