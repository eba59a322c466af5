// SPDX-License-Identifier: GPL-3.0-or-later
#include "mete.h"

#include "base/text.h"
#include "model/bucket.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void print_bucket(unsigned bucket, unsigned buckets, bool is_json)
{
    double n = (double)bucket / (double)buckets;
    if (is_json)
        printf("{\"bucket\":%u,\"n\":%g}\n", bucket, n);
    else
        printf("%g\n", n);
}

int verb_bucket(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"hash-version", required_argument, NULL, 'v'}, {0}};
    bool is_json = false;
    const char *version = "2";
    int c;
    while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (c == 'j')
            is_json = true;
        else if (c == 'v')
            version = optarg;
        else
            return verb_misused(argv[0], "that option is not known or lacks its value");
    }
    if (argc - optind != 2)
        return verb_misused(argv[0], "a seed and a unit are needed");
    const char *seed = argv[optind], *unit = argv[optind + 1];
    if (!text_is_utf8(seed, strlen(seed)) || !text_is_utf8(unit, strlen(unit)))
        return verb_misused(argv[0], "seed and unit must be valid UTF-8");
    if (strcmp(version, "1") != 0 && strcmp(version, "2") != 0)
        return verb_misused(argv[0], "hash version \"%s\" is not known", version);
    if (version[0] == '1')
        print_bucket(bucket_number_v1(seed, unit), BUCKETS_V1, is_json);
    else
        print_bucket(bucket_number(seed, unit), BUCKETS, is_json);
    return EXIT_DONE;
}
