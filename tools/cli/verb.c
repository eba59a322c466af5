// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/verb.h"

#include "tools/cli/mete.h"

#include <stdio.h>
#include <stdlib.h>

bool verb_options(const struct option_table *table, int argc, char **argv, void *values,
                  int *ret_status)
{
    struct fault fault;
    switch (options_read(table, argc, argv, values, &fault)) {
    case OPTIONS_READ:
        return true;
    case OPTIONS_HELP:
        verb_usage(argv[0]);
        options_print(table, stdout);
        *ret_status = EXIT_DONE;
        return false;
    case OPTIONS_WRONG:
        break;
    }
    *ret_status = verb_misused(argv[0], "%s", fault.detail);
    return false;
}

const char *verb_owner_url(const char *option)
{
    const char *places[] = {option, getenv("METE_DATABASE_OWNER_URL"), getenv("METE_DATABASE_URL")};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i] && *places[i])
            return places[i];
    return NULL;
}

bool verb_begin(const struct option_table *table, int argc, char **argv, void *values,
                struct arena *arena, int *ret_status)
{
    struct fault fault;
    struct connection *connection = (void *)((char *)values + table->shared_offset);
    if (!verb_options(table, argc, argv, values, ret_status))
        return false;
    if (!connection_complete(connection, arena, &fault))
        return true;
    *ret_status = verb_failed(argv[0], &fault);
    return false;
}

int verb_failed(const char *name, const struct fault *fault)
{
    bool has_place = fault->pointer[0] != '\0';
    fprintf(stderr, "mete %s: %s%s%s%s\n", name, fault->detail, has_place ? " (at " : "",
            has_place ? fault->pointer : "", has_place ? ")" : "");
    return fault->code == ERR_INVALID ? EXIT_MISUSED : EXIT_FAILED;
}
