// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/currency_sign.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

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

/* Whose sign it may be, where it is that of several. */
static const struct {
    const char *name, *codes;
} shared[] = {
    {"$",
     "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP JMD TTD BBD BSD BZD BMD FJD NAD XCD"},
    {"\xc2\xa5", "JPY CNY"},
    {"kr", "SEK NOK DKK ISK"},
};

bool currency_sign_is(const char *name, const char *code)
{
    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        if (strcmp(shared[i].name, name) == 0)
            return strlen(code) == 3 && !strchr(code, ' ') && strcasestr(shared[i].codes, code);
    return strcasecmp(name, code) == 0;
}

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
