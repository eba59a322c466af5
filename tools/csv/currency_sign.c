// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/currency_sign.h"

#include <ctype.h>
#include <string.h>

/* Longer ones first. */
static const struct {
    const char *sign, *name;
} signs[] = {
    {"\xe2\x82\xac", "EUR"},
    {"US$", "USD"},
    {"\xc2\xa3", "GBP"},
    {"\xe2\x82\xb9", "INR"},
    {"\xe2\x82\xba", "TRY"},
    {"$", "$"},
    {"\xc2\xa5", "\xc2\xa5"},
    {"z\xc5\x82", "PLN"},
    {"K\xc4\x8d", "CZK"},
    {"kr.", "kr"},
    {"kr", "kr"},
    {"Fr.", "CHF"},
    {"EUR", "EUR"},
    {"USD", "USD"},
    {"GBP", "GBP"},
    {"CHF", "CHF"},
    {"JPY", "JPY"},
    {"AUD", "AUD"},
    {"CAD", "CAD"},
    {"NZD", "NZD"},
    {"SEK", "SEK"},
    {"NOK", "NOK"},
    {"DKK", "DKK"},
    {"PLN", "PLN"},
    {"CZK", "CZK"},
    {"HUF", "HUF"},
    {"RON", "RON"},
    {"INR", "INR"},
    {"CNY", "CNY"},
    {"BRL", "BRL"},
    {"TRY", "TRY"},
    {"MXN", "MXN"},
};

size_t currency_sign(const char *text, const char **ret_name)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, length) != 0 || isalpha((unsigned char)text[length]))
            continue;
        *ret_name = signs[i].name;
        return length;
    }
    return 0;
}
