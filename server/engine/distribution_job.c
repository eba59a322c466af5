// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "base/mem.h"
#include "engine/distribution.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

#define VARIANT_LIMITS ((struct json_limits){.bytes = 16 << 20, .depth = 40, .nodes = 1000000})

/* One metric of one phase. */
struct target {
    int64_t campaign_id, phase, metric_id;
    bool is_mean, is_current;
    double confidence;
    const char *scale, *last_day, *state;
    char *variants;
};

struct plan {
    struct arena *arena;
    struct target *targets;
    size_t count;
};

static void on_plan(void *arg, const struct pg_answer *answer)
{
    struct plan *plan = arg;
    const PGresult *r = answer->result;
    plan->count = (size_t)row_count(r);
    plan->targets = arena_zalloc(plan->arena, plan->count * sizeof(*plan->targets));
    for (int i = 0; i < row_count(r); i++)
        plan->targets[i] = (struct target){
            .campaign_id = row_int(r, i, 0),
            .phase = row_int(r, i, 1),
            .metric_id = row_int(r, i, 2),
            .is_mean = row_bool(r, i, 3),
            .scale = arena_strdup(plan->arena, row_text(r, i, 4)),
            .last_day = arena_strdup(plan->arena, row_text(r, i, 5)),
            .variants = arena_strdup(plan->arena, row_text(r, i, 6)),
            .confidence = row_double(r, i, 7),
            .state = arena_strdup(plan->arena, row_text(r, i, 8)),
            .is_current = row_bool(r, i, 9),
        };
}

static enum err read_variants(struct distribution *d, struct arena *arena, char *text,
                              struct fault *fault)
{
    auto_json json_t *list = json_parse(text, strlen(text), &VARIANT_LIMITS, NULL, fault);
    if (!list)
        return fault->code;
    const char **keys = arena_zalloc(arena, json_array_size(list) * sizeof(*keys));
    size_t i;
    json_t *row;
    d->control = -1;
    json_array_foreach(list, i, row)
    {
        keys[i] = arena_strdup(arena, json_string_value(json_object_get(row, "key")));
        if (json_is_true(json_object_get(row, "is_control")))
            d->control = (int)i;
    }
    d->variants = keys;
    d->variant_count = json_array_size(list);
    return ERR_OK;
}

/* Rows come by value. */
static void on_values(void *arg, const struct pg_answer *answer)
{
    struct distribution *d = arg;
    const PGresult *r = answer->result;
    size_t rows = (size_t)row_count(r);
    d->values = mem_alloc((rows + 1) * sizeof(*d->values));
    d->counts = mem_zalloc((rows * d->variant_count + 1) * sizeof(*d->counts));
    for (int i = 0; i < (int)rows; i++) {
        double value = row_double(r, i, 0);
        if (d->count == 0 || d->values[d->count - 1] != value)
            d->values[d->count++] = value;
        for (size_t v = 0; v < d->variant_count; v++)
            if (strcmp(d->variants[v], row_text(r, i, 1)) == 0)
                d->counts[(d->count - 1) * d->variant_count + v] += (uint64_t)row_int(r, i, 2);
    }
}

static enum err read_values(struct job *j, const struct target *t, struct arena *arena,
                            struct distribution *d, struct fault *fault)
{
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, t->campaign_id);
    pg_param_int(&params, t->phase);
    pg_param_int(&params, t->metric_id);
    pg_param_bool(&params, t->is_mean);
    pg_param_text(&params, t->scale);
    pg_param_text(&params, t->last_day);
    return job_ask(j, QUERY_DISTRIBUTION_VALUES, &params, on_values, d, fault);
}

static void on_written(void *arg, const struct pg_answer *answer)
{
    (void)arg;
    (void)answer;
}

/* document NULL: the one stored still holds. */
static enum err store(struct job *j, const struct target *t, struct arena *arena,
                      const char *document, struct fault *fault)
{
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, t->campaign_id);
    pg_param_int(&params, t->phase);
    pg_param_int(&params, t->metric_id);
    pg_param_text(&params, t->state);
    pg_param_text(&params, document);
    return job_ask(j, QUERY_DISTRIBUTION_WRITE, &params, on_written, NULL, fault);
}

static enum err compute(struct job *j, const struct target *t, struct fault *fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf document = {0};
    struct distribution d = {.is_mean = t->is_mean, .confidence = t->confidence};
    if (t->is_current)
        return store(j, t, arena, NULL, fault);
    enum err e = read_variants(&d, arena, t->variants, fault);
    e = e ? e : read_values(j, t, arena, &d, fault);
    if (!e) {
        distribution_write(&d, &document);
        e = store(j, t, arena, document.data, fault);
    }
    mem_free(d.values);
    mem_free(d.counts);
    return e;
}

enum err distribution_run(struct job *j, const json_t *input, struct buf *out,
                          struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct plan plan = {.arena = arena};
    struct pg_params params = {.arena = arena};
    size_t computed = 0;
    pg_param_int(&params, job_environment(j));
    pg_param_text(&params, json_string_value(json_object_get(input, "campaign")));
    enum err e = job_ask(j, QUERY_DISTRIBUTION_PLAN, &params, on_plan, &plan, ret_fault);
    for (size_t i = 0; i < plan.count && !e; i++) {
        e = compute(j, &plan.targets[i], ret_fault);
        computed += plan.targets[i].is_current ? 0 : 1;
        if (!e && !job_progress(j, (double)(i + 1) / (double)plan.count))
            return fault_set(ret_fault, ERR_UNAVAILABLE, "", "the job was cancelled");
    }
    if (!e)
        buf_printf(out, "{\"metrics\":%zu,\"computed\":%zu}", plan.count, computed);
    return e;
}
