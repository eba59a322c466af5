// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/mete.h"

#include "base/json/json.h"
#include "model/condition/condition.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_BYTES (4u * 1024 * 1024)
#define LINE_DEPTH 128
#define LINE_NODES 200000

/* One line "[condition, attributes, savedGroups?]". False with *ret_fault set where it is none. */
static bool evaluate(char *line, size_t length, bool *ret_matches, struct fault *ret_fault)
{
    static const struct json_limits limits = {
        .bytes = LINE_BYTES, .depth = LINE_DEPTH, .nodes = LINE_NODES};
    bool is_repaired;
    auto_json json_t *input = json_parse(line, length, &limits, &is_repaired, ret_fault);
    if (!input)
        return false;
    size_t count = json_array_size(input);
    if (count < 2 || count > 3) {
        fault_set(ret_fault, ERR_INVALID, "",
                  "a line is an array: [condition, attributes, savedGroups?]");
        return false;
    }
    auto_arena struct arena *arena = arena_new(0);
    const struct condition *condition =
        condition_compile(arena, json_array_get(input, 0), CONDITION_LENIENT, ret_fault);
    if (!condition) {
        fault_prefix(ret_fault, "/0");
        return false;
    }
    *ret_matches = condition_matches(condition, json_array_get(input, 1), json_array_get(input, 2));
    return true;
}

int verb_condition(int argc, char **argv)
{
    if (argc > 1)
        return verb_misused(argv[0], "it takes no arguments, lines come from standard input");
    int status = EXIT_DONE;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) >= 0) {
        bool is_match;
        struct fault fault;
        if (evaluate(line, (size_t)length, &is_match, &fault)) {
            puts(is_match ? "true" : "false");
        } else {
            status = EXIT_MISUSED;
            printf("error: %s%s%s\n", fault.pointer, *fault.pointer ? ": " : "", fault.detail);
        }
    }
    free(line);
    return status;
}
