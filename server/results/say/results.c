// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/say/results.h"

#include "base/json/json.h"
#include "results/document/results_judge.h"
#include "results/say/results_shape.h"
#include "results/sums/results_read.h"

#include <string.h>

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

static json_t *parse(char *text, struct fault *fault)
{
    return json_parse(text, strlen(text), &limits, NULL, fault);
}

static enum err say(const struct results_trees *trees, const struct results_question *question,
                    struct buf *out, struct fault *fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct results r = {
        .arena = arena, .dimension = question->dimension, .baseline = question->baseline};
    enum err e = results_read(&r, trees, fault);
    if (e)
        return e;
    if (question->is_public)
        r.overflow.example_count = 0;
    const struct shape *shape = question->is_brief ? &results_standing_shape : &results_shape;
    shape_write(shape, results_judge(&r, question->as_of_us), out);
    buf_add_char(out, '\n');
    return ERR_OK;
}

enum err results_write(const struct results_input *input, const struct results_question *question,
                       struct buf *out, struct fault *ret_fault)
{
    auto_json json_t *head = parse(input->head, ret_fault);
    auto_json json_t *metrics = head ? parse(input->metrics, ret_fault) : NULL;
    auto_json json_t *sums = metrics ? parse(input->sums, ret_fault) : NULL;
    auto_json json_t *looks = sums ? parse(input->looks, ret_fault) : NULL;
    if (!looks)
        return ERR_INTERNAL;
    struct results_trees trees = {head, metrics, sums, looks};
    return say(&trees, question, out, ret_fault);
}
