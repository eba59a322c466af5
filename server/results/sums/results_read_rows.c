// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/sums/results_read.h"

#include "model/bucket.h"

static const char *member(const json_t *row, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : fallback;
}

/* A square that was not told is null. */
static const char *known(const json_t *row, const char *key)
{
    return json_is_null(json_object_get(row, key)) ? NULL : member(row, key, "0");
}

static struct results_pre_sums read_pre_sums(const json_t *row)
{
    return (struct results_pre_sums){
        .x = member(row, "x", "0"),
        .y = member(row, "y", "0"),
        .xx = member(row, "xx", "0"),
        .xy = member(row, "xy", "0"),
        .yy = member(row, "yy", "0"),
        .nx = member(row, "nx", "0"),
        .ny = member(row, "ny", "0"),
        .dx = member(row, "dx", "0"),
        .dy = member(row, "dy", "0"),
        .m = member(row, "missing", "0"),
        .nm = member(row, "nm", "0"),
        .dm = member(row, "dm", "0"),
    };
}

static struct results_sums read_sums(const json_t *row)
{
    return (struct results_sums){
        .units = (uint64_t)json_integer_value(json_object_get(row, "units")),
        .crossovers = (uint64_t)json_integer_value(json_object_get(row, "crossovers")),
        .n = member(row, "n", "0"),
        .d = member(row, "d", "0"),
        .nn = known(row, "nn"),
        .nd = known(row, "nd"),
        .dd = known(row, "dd"),
        .nnn = known(row, "nnn"),
        .pre = read_pre_sums(row),
    };
}

struct results_row *results_read_rows(struct arena *arena, const json_t *list, size_t *ret_count)
{
    size_t i;
    json_t *row;
    struct results_row *rows = arena_zalloc(arena, (json_array_size(list) + 1) * sizeof(*rows));
    json_array_foreach(list, i, row) {
        rows[i] = (struct results_row){
            .metric = (int)json_integer_value(json_object_get(row, "metric")),
            .experience = member(row, "experience", ""),
            .variant = member(row, "variant", ""),
            .dimension = member(row, "dimension", ""),
            .value = member(row, "value", ""),
            .day = member(row, "day", ""),
            .as_of = member(row, "as_of", ""),
            .other_variant = member(row, "other_variant", ""),
            .sums = read_sums(row),
        };
    }
    *ret_count = json_array_size(list);
    return rows;
}

/* The buckets that the variants own, by the coverage of today: what was allotted at a smaller one,
 * before, was rounded in another way, and is the smaller part. */
static void read_shares(struct arena *arena, struct results_variant *variants, size_t count,
                        double coverage)
{
    struct bucket_range *owned = arena_alloc(arena, (count + 1) * sizeof(*owned));
    double *weights = arena_alloc(arena, (count + 1) * sizeof(*weights));
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        weights[i] = variants[i].weight;
    bucket_share_out(weights, count, coverage, owned);
    for (size_t i = 0; i < count; i++)
        sum += owned[i].to - owned[i].from;
    for (size_t i = 0; i < count && sum > 0; i++)
        variants[i].share = (owned[i].to - owned[i].from) / sum;
}

const struct results_variant *results_read_variants(struct arena *arena, const json_t *list,
                                                    const json_t *coverage, size_t *ret_count)
{
    size_t i;
    json_t *row;
    struct results_variant *variants =
        arena_zalloc(arena, (json_array_size(list) + 1) * sizeof(*variants));
    json_array_foreach(list, i, row) {
        variants[i] = (struct results_variant){
            .key = member(row, "key", ""),
            .weight = json_number_value(json_object_get(row, "weight")),
            .is_control = json_is_true(json_object_get(row, "is_control")),
        };
        variants[i].share = variants[i].weight;
    }
    if (json_is_number(coverage))
        read_shares(arena, variants, json_array_size(list), json_number_value(coverage));
    *ret_count = json_array_size(list);
    return variants;
}

struct results_overlap results_read_overlap(struct arena *arena, const json_t *document)
{
    const json_t *others = json_object_get(document, "others");
    struct results_other *list = arena_zalloc(arena, (json_array_size(others) + 1) * sizeof(*list));
    size_t i;
    json_t *row;
    json_array_foreach(others, i, row) {
        list[i] = (struct results_other){
            .campaign = member(row, "campaign", ""),
            .name = json_string_value(json_object_get(row, "name")),
            .phase = json_integer_value(json_object_get(row, "phase")),
        };
        list[i].variants =
            results_read_variants(arena, json_object_get(row, "variants"),
                                  json_object_get(row, "coverage"), &list[i].variant_count);
        list[i].cells =
            results_read_rows(arena, json_object_get(row, "cells"), &list[i].cell_count);
    }
    return (struct results_overlap){
        .metric = (int)json_integer_value(json_object_get(document, "metric")),
        .as_of = member(document, "as_of", ""),
        .others = list,
        .other_count = json_array_size(others),
    };
}
