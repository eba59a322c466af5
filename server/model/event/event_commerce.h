// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The fields of commerce events, which are named as GA4 names them: value, currency,
 * transaction_id, tax, shipping, items of price and quantity. Pure.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>

/* purchase, refund, add_to_cart, begin_checkout, view_item */
bool event_is_commerce(const char *name);

/* Amounts are numbers; the text of one ("7.50") becomes that number in 'properties'. What is null
 * is absent. A purchase is not negative (a refund gives back), nor is the quantity of an item; a
 * price may be, for vouchers. Of anybody (is_public) no amount is negative. A currency is three
 * letters. ERR_INVALID with a pointer from the event. */
enum err event_commerce_check(const char *name, json_t *properties, bool is_public,
                              struct fault *ret_fault) must_use;
/* Of an event of any name: a currency of three letters is in capitals from then on. Returns it,
 * borrowed, when it is another one than 'currency' and the event has money; else NULL. */
const char *event_commerce_foreign(json_t *properties, const char *currency);
