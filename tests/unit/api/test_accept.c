// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/route/accept.h"

static const struct {
    const char *list;
    const char *word;
    int weight;
} weights[] = {
    {NULL, "gzip", 0},
    {"", "gzip", 0},
    {"gzip", "gzip", 1000},
    {"GZip", "gzip", 1000},
    {"deflate, gzip ,br", "gzip", 1000},
    {"gzip;q=1.000", "gzip", 1000},
    {"gzip;q=1", "gzip", 1000},
    {"gzip; q=0.5", "gzip", 500},
    {"gzip ;Q=0.125", "gzip", 125},
    {"gzip;q=0", "gzip", 0},
    {"gzip;q=0.", "gzip", 0},
    {"gzip;q=0.0", "gzip", 0},
    {"gzip;q=0.000, br", "gzip", 0},
    {"gzip;q=0.001", "gzip", 1},
    {"gzip;q=1.5", "gzip", 0},
    {"gzip;q=2", "gzip", 0},
    {"gzip;q=", "gzip", 0},
    {"gzip;q=x", "gzip", 0},
    {"gzip;level=1", "gzip", 0},
    {"gzipped", "gzip", 0},
    {"x-gzip", "gzip", 0},
    {"br;q=0.3,gzip;q=0.7", "br", 300},
};

static void weights_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(weights) / sizeof(*weights); i++)
        if (accept_weight(weights[i].list, weights[i].word) != weights[i].weight)
            fail_msg("%s in \"%s\": %d", weights[i].word, weights[i].list,
                     accept_weight(weights[i].list, weights[i].word));
}

static const struct {
    const char *list;
    size_t chosen;
} choices[] = {
    {NULL, 0},
    {"", 0},
    {"fr", 0},
    {"de", 1},
    {"de-CH", 1},
    {"DE-ch;q=0.1", 1},
    {"en, de", 0},
    {"de, en", 0},
    {"en;q=0.8, de-AT;q=0.9", 1},
    {"de;q=0, en;q=0.1", 0},
    {"dev", 0},
    {"fr-de, de;q=0.2", 1},
};

static void languages_are_chosen(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "de"};
    for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
        if (accept_language(choices[i].list, languages, 2) != choices[i].chosen)
            fail_msg("\"%s\"", choices[i].list);
}

static const struct {
    const char *list;
    size_t chosen; /* of br, gzip; 2: as it is */
} coded[] = {
    {NULL, 2},
    {"", 2},
    {"gzip", 1},
    {"br", 0},
    {"gzip, deflate, br, zstd", 0},
    {"gzip, br;q=0.9", 1},
    {"gzip;q=0.5, br;q=0.5", 0},
    {"gzip;q=0.501, br;q=0.5", 1},
    {"br;q=0, gzip", 1},
    {"br;q=0, gzip;q=0", 2},
    {"deflate", 2},
    {"*", 0},
    {"*;q=0", 2},
    {"br;q=0, *", 1},
    {"*;q=0.1, gzip;q=0", 0},
    {"identity", 2},
    {"identity, gzip;q=0.5", 2},
    {"identity;q=0.5, gzip;q=0.5", 1},
    {"identity;q=0, gzip;q=0.001", 1},
    {"x-gzip, brr", 2},
    {"gzip;q=2", 2},
};

static void codings_are_chosen(void **state)
{
    (void)state;
    static const char *const codings[] = {"br", "gzip"};
    for (size_t i = 0; i < sizeof(coded) / sizeof(*coded); i++)
        if (accept_coding(coded[i].list, codings, 2) != coded[i].chosen)
            fail_msg("\"%s\"", coded[i].list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_read),
        cmocka_unit_test(languages_are_chosen),
        cmocka_unit_test(codings_are_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
