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

/* Whoever has a link sees one campaign: nothing of others, and no visitor's id. */
static void keep_public(struct results *r)
{
    r->overlap.other_count = 0;
    r->overflow.example_count = 0;
}

static enum err judge(struct arena *arena, const struct results_columns *columns,
                      const struct results_question *question, const char *baseline,
                      struct results_document *ret, struct fault *fault)
{
    struct results r = {.arena = arena, .dimension = question->dimension, .baseline = baseline};
    enum err e = results_read(&r, columns, fault);
    if (e)
        return e;
    if (question->is_public)
        keep_public(&r);
    *ret = *results_judge(&r, question->as_of_us);
    if (question->is_search)
        ret->findings = results_findings_of(&r, &ret->verdict.verdict);
    return ERR_OK;
}

/* Compared with another arm, what is advised stays what the control says. */
static enum err take_advice(struct arena *arena, const struct results_columns *columns,
                            const struct results_question *question, struct results_document *d,
                            struct fault *fault)
{
    struct results_document own;
    enum err e = judge(arena, columns, question, "", &own, fault);
    if (e)
        return e;
    d->verdict = own.verdict;
    d->money = own.money;
    d->attention = own.attention;
    d->attention_count = own.attention_count;
    return ERR_OK;
}

static enum err say(struct arena *arena, const struct results_columns *columns,
                    const struct results_question *question, struct buf *out, struct fault *fault)
{
    struct results_document d;
    enum err e = judge(arena, columns, question, question->baseline, &d, fault);
    if (!e && question->baseline[0])
        e = take_advice(arena, columns, question, &d, fault);
    if (e)
        return e;
    shape_write(question->is_search  ? &results_findings_shape
                : question->is_brief ? &results_standing_shape
                                     : &results_shape,
                &d, out);
    buf_add_char(out, '\n');
    return ERR_OK;
}

enum err results_write(const struct results_input *input, const struct results_question *question,
                       struct buf *out, struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *head = parse(input->head, ret_fault);
    auto_json json_t *metrics = head ? parse(input->metrics, ret_fault) : NULL;
    struct results_columns columns = {.head = head, .metrics = metrics};
    if (!metrics || results_rows_read(arena, input->sums, &limits, &columns.sums, ret_fault) ||
        results_rows_read(arena, input->looks, &limits, &columns.looks, ret_fault))
        return ERR_INTERNAL;
    return say(arena, &columns, question, out, ret_fault);
}
