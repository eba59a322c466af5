// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/results_judge.h"

#include <string.h>

static bool is_warned(const json_t *of)
{
    size_t i;
    json_t *warning;
    json_array_foreach(json_object_get(of, "warnings"), i, warning)
    {
        if (json_is_string(warning) && strcmp(json_string_value(warning), "outlier") == 0)
            return true;
    }
    return false;
}

static double number_at(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

bool results_find_outlier(const struct results_metric *m, struct results_outlier *ret_outlier)
{
    struct results_outlier found = {.variant = NULL};
    size_t i;
    json_t *variant;
    json_array_foreach(json_object_get(m->distribution, "variants"), i, variant)
    {
        double largest = number_at(variant, "largest");
        const char *key = json_string_value(json_object_get(variant, "key"));
        if (key && is_warned(variant) && (!found.variant || largest > found.largest))
            found = (struct results_outlier){key, largest, number_at(variant, "largest_share")};
    }
    if (found.variant)
        *ret_outlier = found;
    return found.variant != NULL;
}
