// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/mete.h"

#include "base/json/json.h"
#include "base/text.h"
#include "model/bucket.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_bucket(unsigned bucket, unsigned buckets, bool is_json)
{
    double n = (double)bucket / (double)buckets;
    if (is_json)
        printf("{\"bucket\":%u,\"n\":%g}\n", bucket, n);
    else
        printf("%g\n", n);
}

struct draw {
    bool is_json;
    const char *version;
};

static void answer(const struct draw *q, const char *seed, const char *unit)
{
    if (q->version[0] == '1')
        print_bucket(bucket_number_v1(seed, unit), BUCKETS_V1, q->is_json);
    else
        print_bucket(bucket_number(seed, unit), BUCKETS, q->is_json);
}

/* One line: ["seed","unit"]. */
static bool answer_line(const struct draw *q, char *line, size_t length, struct fault *fault)
{
    static const struct json_limits limits = {.bytes = 65536, .depth = 1, .nodes = 3};
    auto_json json_t *pair = json_parse(line, length, &limits, NULL, fault);
    const char *seed = json_string_value(json_array_get(pair, 0));
    const char *unit = json_string_value(json_array_get(pair, 1));
    if (!pair)
        return false;
    if (json_array_size(pair) != 2 || !seed || !unit || strlen(unit) > BUCKET_UNIT_BYTES) {
        fault_set(fault, ERR_INVALID, "", "a line is an array: [seed, unit]");
        return false;
    }
    answer(q, seed, unit);
    return true;
}

static int answer_lines(const struct draw *q)
{
    int status = EXIT_DONE;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) >= 0) {
        struct fault fault;
        if (answer_line(q, line, (size_t)length, &fault))
            continue;
        status = EXIT_MISUSED;
        printf("error: %s\n", fault.detail);
    }
    free(line);
    return status;
}

int verb_bucket(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"hash-version", required_argument, NULL, 'v'}, {0}};
    struct draw q = {.version = "2"};
    int c;
    while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (c == 'j')
            q.is_json = true;
        else if (c == 'v')
            q.version = optarg;
        else
            return verb_misused(argv[0], "that option is not known or lacks its value");
    }
    if (strcmp(q.version, "1") != 0 && strcmp(q.version, "2") != 0)
        return verb_misused(argv[0], "hash version \"%s\" is not known", q.version);
    if (argc == optind)
        return answer_lines(&q);
    if (argc - optind != 2)
        return verb_misused(argv[0], "a seed and a unit are needed");
    const char *seed = argv[optind], *unit = argv[optind + 1];
    if (!text_is_utf8(seed, strlen(seed)) || !text_is_utf8(unit, strlen(unit)))
        return verb_misused(argv[0], "seed and unit must be valid UTF-8");
    answer(&q, seed, unit);
    return EXIT_DONE;
}
