// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/say/split.h"

#include "results/say/shape_rows.h"
#include "results/split/results_split.h"
#include "results/sums/results_read.h"

#include <string.h>

static const struct json_limits limits = {
    .bytes = 64u * 1024 * 1024, .depth = 20, .nodes = 4u * 1000 * 1000};

#define OF struct results_split_arm
static const struct shape_row arm_rows[] = {
    TEXT("key", key, "of the variant"),
    COUNT("units", units, "visitors that met it first"),
    DOUBLE("expected", expected, "by its part of the buckets"),
    END,
};
static const struct shape arm_shape = {"results_split_arm", sizeof(OF), arm_rows};
#undef OF

#define OF struct results_split_part
static const struct shape_row part_rows[] = {
    TEXT("value", value, "the day, or the value of the dimension"),
    LIST("variants", const struct results_split_arm *, arms, arm_count, &arm_shape,
         "and their sizes"),
    NUMBER("p", p, "chi-square of the sizes against the shares, exact where they are small"),
    NUMBER("p_adjusted", adjusted, "the same, corrected for all parts together, by Holm"),
    BOOL("is_found", is_found, "the sizes do not fit: p_adjusted is below the threshold"),
    END,
};
static const struct shape part_shape = {"results_split_part", sizeof(OF), part_rows};
#undef OF

#define OF struct results_split_dimension
static const struct shape_row dimension_rows[] = {
    TEXT("dimension", dimension, "its key"),
    LIST("values", const struct results_split_part *, parts, part_count, &part_shape,
         "the 50 that the most visitors have, in order"),
    END,
};
static const struct shape dimension_shape = {"results_split_dimension", sizeof(OF), dimension_rows};
#undef OF

#define OF struct results_split
static const struct shape_row split_rows[] = {
    TEXT("campaign", campaign, "its key"),
    LONG("phase", phase, "that is shown"),
    DOUBLE("threshold", threshold, "of p_adjusted"),
    COUNT("tests", tests, "parts that were tested"),
    COUNT("found", found, "of these, in how many the sizes do not fit"),
    LIST("days", const struct results_split_part *, days, day_count, &part_shape,
         "on which anybody came, the last 400"),
    LIST("dimensions", const struct results_split_dimension *, dimensions, dimension_count,
         &dimension_shape, "that the phase has"),
    END,
};
const struct shape split_shape = {"results_split", sizeof(OF), split_rows};
#undef OF

static enum err say(struct arena *arena, const json_t *head, char *parts, struct buf *out,
                    struct fault *fault)
{
    const json_t *list = json_object_get(head, "variants");
    json_int_t phase = json_integer_value(json_object_get(head, "phase"));
    struct results_rows rows;
    size_t count;
    if (!json_is_array(list))
        return fault_set(fault, ERR_NOT_FOUND, "", "the campaign has no phase %lld",
                         (long long)phase);
    enum err e = results_rows_read(arena, parts, &limits, &rows, fault);
    if (e)
        return e;
    const struct results_variant *variants =
        results_read_variants(arena, list, json_object_get(head, "coverage"), &count);
    struct results_split split = *results_split_of(arena, variants, count, rows.rows, rows.count);
    const char *key = json_string_value(json_object_get(head, "key"));
    split.campaign = key ? key : "";
    split.phase = phase;
    shape_write(&split_shape, &split, out);
    buf_add_char(out, '\n');
    return ERR_OK;
}

enum err split_write(char *head, char *parts, struct buf *out, struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *tree = json_parse(head, strlen(head), &limits, NULL, ret_fault);
    return tree ? say(arena, tree, parts, out, ret_fault) : ERR_INTERNAL;
}
