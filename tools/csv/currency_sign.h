// SPDX-License-Identifier: GPL-3.0-or-later
/* Signs and codes of currencies, as they stand before or behind amounts: "12,50 €", "EUR 5". Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the sign that 'text' begins with, 0: there is none. *ret_name is what it is called:
 * the code where the sign has one meaning ("EUR"), else the sign ("$", "kr"). */
size_t currency_sign(const char *text, const char **ret_name);

/* May amounts with what currency_sign called 'name' be of this currency ("USD", in whatever case)?
 */
bool currency_sign_is(const char *name, const char *code);
