// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/currency.h"

#include <string.h>

/* ISO 4217 codes by number of digits, separated by spaces. */
static const struct {
    int digits;
    const char *codes;
} groups[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {2, "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW "
        "ZWG"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
};

int currency_digits(const char *code)
{
    if (strlen(code) != 3 || strchr(code, ' '))
        return -1;
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        for (const char *at = groups[i].codes; at; at = strchr(at, ' ')) {
            at += *at == ' ';
            if (strncmp(at, code, 3) == 0)
                return groups[i].digits;
        }
    return -1;
}
