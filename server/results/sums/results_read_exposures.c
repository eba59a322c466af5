// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "results/sums/results_read.h"

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

const struct results_exposed *results_read_exposures(struct arena *arena, const json_t *list,
                                                     size_t *ret_count)
{
    struct results_exposed *rows = arena_zalloc(arena, (json_array_size(list) + 1) * sizeof(*rows));
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row) {
        json_int_t units = json_integer_value(json_object_get(row, "units"));
        rows[i] = (struct results_exposed){.day = text_of(row, "day"),
                                           .variant = text_of(row, "variant"),
                                           .units = units > 0 ? (uint64_t)units : 0};
    }
    *ret_count = json_array_size(list);
    return rows;
}

struct results_since_rows results_read_since(struct arena *arena, const json_t *document)
{
    struct results_rows rows = results_rows_of(arena, json_object_get(document, "rows"));
    return (struct results_since_rows){
        .as_of = json_string_value(json_object_get(document, "as_of")),
        .share = json_number_value(json_object_get(document, "share")),
        .rows = rows.rows,
        .count = rows.count,
    };
}
