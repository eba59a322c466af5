// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/stats/stats_table.h"

#include <string.h>

static const struct stats_method *const families[] = {
    stats_methods_prop,  stats_methods_mean,       stats_methods_moments,
    stats_methods_bayes, stats_methods_sequential, stats_methods_rank,
    stats_methods_plan,  stats_methods_delta,      stats_methods_more,
};

#define FAMILY_COUNT (sizeof(families) / sizeof(families[0]))

const struct stats_method *stats_method_at(size_t index)
{
    for (size_t f = 0; f < FAMILY_COUNT; f++)
        for (const struct stats_method *m = families[f]; m->name; m++)
            if (index-- == 0)
                return m;
    return NULL;
}

const struct stats_method *stats_method_find(const char *name)
{
    const struct stats_method *method;
    for (size_t i = 0; (method = stats_method_at(i)); i++)
        if (strcmp(method->name, name) == 0)
            return method;
    return NULL;
}

enum err stats_method_run(const struct stats_method *method, const json_t *input,
                          struct arena *arena, struct buf *out, struct fault *ret_fault)
{
    void *in = arena_zalloc(arena, method->in_bytes), *result;
    enum err err = stats_read(method->in, input, arena, in, ret_fault);
    if (err)
        return err;
    result = arena_zalloc(arena, method->out_bytes);
    if (method->run(in, result, arena) == STATS_INVALID)
        return fault_set(ret_fault, ERR_INVALID, "",
                         "these values do not fit together: outside what \"%s\" is defined for",
                         method->name);
    stats_write(method->out, result, out);
    return ERR_OK;
}
