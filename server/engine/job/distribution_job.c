// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/distribution_job.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "results/distribution/distribution.h"
#include "results/say/distribution_shape.h"
#include "store/fold/distribution.h"

#include <string.h>

#define VARIANT_LIMITS ((struct json_limits){.bytes = 16 << 20, .depth = 40, .nodes = 1000000})

struct work {
    struct arena *arena;
    struct distribution_target *targets;
    size_t count;
};

static void on_targets(void *arg, const struct pg_answer *answer)
{
    struct work *work = arg;
    work->count = (size_t)pg_row_count(answer->result);
    work->targets = arena_zalloc(work->arena, work->count * sizeof(*work->targets));
    for (size_t i = 0; i < work->count; i++) {
        struct distribution_target *t = &work->targets[i];
        distribution_read_target(answer->result, (int)i, t);
        t->last_day = arena_strdup(work->arena, t->last_day);
        t->variants = arena_strdup(work->arena, t->variants);
        t->state = arena_strdup(work->arena, t->state);
    }
}

static enum err read_variants(struct distribution *d, struct arena *arena, const char *variants,
                              struct fault *fault)
{
    char *text = arena_strdup(arena, variants);
    auto_json json_t *list = json_parse(text, strlen(text), &VARIANT_LIMITS, NULL, fault);
    if (!list)
        return fault->code;
    const char **keys = arena_zalloc(arena, json_array_size(list) * sizeof(*keys));
    size_t i;
    json_t *row;
    d->control = -1;
    json_array_foreach(list, i, row) {
        keys[i] = arena_strdup(arena, json_string_value(json_object_get(row, "key")));
        if (json_is_true(json_object_get(row, "is_control")))
            d->control = (int)i;
    }
    d->variants = keys;
    d->variant_count = json_array_size(list);
    return ERR_OK;
}

static void add_value(struct distribution *d, const struct distribution_value *row)
{
    if (d->count == 0 || d->values[d->count - 1] != row->value)
        d->values[d->count++] = row->value;
    for (size_t v = 0; v < d->variant_count; v++)
        if (strcmp(d->variants[v], row->variant) == 0)
            d->counts[(d->count - 1) * d->variant_count + v] += (uint64_t)row->units;
}

/* Rows come by value. */
static void on_values(void *arg, const struct pg_answer *answer)
{
    struct distribution *d = arg;
    size_t rows = (size_t)pg_row_count(answer->result);
    d->values = mem_alloc((rows + 1) * sizeof(*d->values));
    d->counts = mem_zalloc((rows * d->variant_count + 1) * sizeof(*d->counts));
    for (int i = 0; i < (int)rows; i++) {
        struct distribution_value row;
        distribution_read_value(answer->result, i, &row);
        add_value(d, &row);
    }
}

static enum err read_values(struct job *j, const struct distribution_target *t,
                            struct distribution *d, struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_values, d, fault);
    if (e)
        return e;
    distribution_send_values(call.pg, t, job_on_answer, &call);
    return job_call_wait(&call);
}

/* document NULL: the one stored still holds. */
static enum err store(struct job *j, const struct distribution_target *t, const char *document,
                      struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, NULL, NULL, fault);
    if (e)
        return e;
    distribution_send_write(call.pg, t, document, job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err read_work(struct job *j, const char *campaign, struct work *work,
                          struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_targets, work, fault);
    if (e)
        return e;
    distribution_send_targets(call.pg, job_environment(j), campaign, job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err compute(struct job *j, const struct distribution_target *t, struct fault *fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf document = {0};
    struct distribution d = {.is_mean = t->is_mean, .confidence = t->confidence};
    if (t->is_current)
        return store(j, t, NULL, fault);
    enum err e = read_variants(&d, arena, t->variants, fault);
    e = e ? e : read_values(j, t, &d, fault);
    if (!e) {
        shape_write(&distribution_shape, distribution_judge(&d, arena), &document);
        e = store(j, t, document.data, fault);
    }
    mem_free(d.values);
    mem_free(d.counts);
    return e;
}

enum err distribution_run(struct job *j, const json_t *input, struct buf *out,
                          struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct work work = {.arena = arena};
    size_t computed = 0;
    const char *campaign = json_string_value(json_object_get(input, "campaign"));
    enum err e = read_work(j, campaign, &work, ret_fault);
    for (size_t i = 0; i < work.count && !e; i++) {
        e = compute(j, &work.targets[i], ret_fault);
        computed += work.targets[i].is_current ? 0 : 1;
        if (!e && !job_progress(j, (double)(i + 1) / (double)work.count))
            return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job was cancelled");
    }
    if (!e)
        buf_printf(out, "{\"metrics\":%zu,\"computed\":%zu}", work.count, computed);
    return e;
}
