// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/prove_job.h"

#include "base/clock.h"
#include "base/mem.h"
#include "prove/prove.h"
#include "store/results/prove.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_UNITS 20000
#define UNITS_MOST 10000000
/* Reading comes first; how long it takes is not known before. */
#define READING_DONE 0.05

const struct field prove_job_fields[] = {
    {.name = "campaign",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED,
     .meaning = "whose visitors are taken"},
    {.name = "phase", .kind = FIELD_INT, .min = 1, .max = 1e6, .meaning = "null: the newest"},
    {.name = "days",
     .kind = FIELD_INT,
     .min = 1,
     .max = 3650,
     .meaning = "only visitors exposed in the last so many days"},
    {.name = "runs",
     .kind = FIELD_INT,
     .min = 1,
     .max = PROVE_RUNS_MOST,
     .initial = "1000",
     .meaning = "how often visitors are split"},
    {.name = "seed",
     .kind = FIELD_INT,
     .min = 0,
     .max = 9007199254740991,
     .initial = "1",
     .meaning = "of the random splits: the same seed, the same report"},
    {.name = "uplift",
     .kind = FIELD_NUMBER,
     .min = -0.99,
     .max = 10,
     .initial = "0",
     .meaning = "put into one arm to see how often it is found, 0.1 for 10 %"},
    {.name = "confidence",
     .kind = FIELD_NUMBER,
     .min = 0.5,
     .max = 0.9999,
     .initial = "0.95",
     .meaning = "of every test"},
    {0},
};

struct measured {
    int64_t id;
    const char *key;
    enum prove_kind kind;
    int64_t *numerator, *denominator; /* of 'room' units */
};

struct load {
    struct arena *arena;
    int64_t campaign, phase;
    struct measured *columns;
    size_t column_count;
    struct prove_unit *units;
    size_t count, room;
    char *last; /* visitor of the newest unit, on the heap */
    bool is_there;
};

static enum prove_kind kind_of(const char *kind)
{
    if (strcmp(kind, "conversion") == 0)
        return PROVE_CONVERSION;
    return strcmp(kind, "mean") == 0 || strcmp(kind, "ratio") == 0 ? PROVE_RATIO : PROVE_MEAN;
}

static void on_metrics(void *arg, const struct pg_answer *answer)
{
    struct load *l = arg;
    int rows = pg_row_count(answer->result);
    l->is_there = rows > 0;
    l->columns = arena_zalloc(l->arena, ((size_t)rows + 1) * sizeof(*l->columns));
    for (int i = 0; i < rows; i++) {
        struct prove_metric_row row;
        prove_read_metric(answer->result, i, &row);
        l->campaign = row.campaign_id;
        l->phase = row.phase;
        if (row.metric_id)
            l->columns[l->column_count++] = (struct measured){
                .id = row.metric_id,
                .key = arena_strdup(l->arena, row.key),
                .kind = kind_of(row.kind),
            };
    }
}

static void make_room(struct load *l)
{
    if (l->count < l->room)
        return;
    size_t before = l->room;
    l->room = before ? before * 2 : PAGE_UNITS;
    l->units = mem_realloc(l->units, l->room * sizeof(*l->units));
    for (size_t i = 0; i < l->column_count; i++) {
        struct measured *c = &l->columns[i];
        size_t bytes = l->room * sizeof(int64_t), fresh = (l->room - before) * sizeof(int64_t);
        c->numerator = mem_realloc(c->numerator, bytes);
        c->denominator = mem_realloc(c->denominator, bytes);
        memset(c->numerator + before, 0, fresh);
        memset(c->denominator + before, 0, fresh);
    }
}

static void take_outcome(struct load *l, const struct prove_unit_row *row)
{
    for (size_t i = 0; i < l->column_count; i++) {
        struct measured *c = &l->columns[i];
        if (c->id != row->metric_id)
            continue;
        c->numerator[l->count - 1] =
            c->kind == PROVE_CONVERSION ? row->numerator != 0 : row->numerator;
        c->denominator[l->count - 1] = row->denominator;
    }
}

static void on_units(void *arg, const struct pg_answer *answer)
{
    struct load *l = arg;
    for (int i = 0; i < pg_row_count(answer->result); i++) {
        struct prove_unit_row row;
        prove_read_unit(answer->result, i, &row);
        if (strcmp(row.unit_id, l->last) != 0) {
            mem_free(l->last);
            l->last = mem_strdup(row.unit_id);
            make_room(l);
            l->units[l->count] =
                (struct prove_unit){.exposed_us = row.exposed_us, .index = l->count};
            l->count++;
        }
        if (row.metric_id)
            take_outcome(l, &row);
    }
}

static enum err read_metrics(struct job *j, struct load *l, const json_t *input,
                             struct fault *fault)
{
    struct job_call call;
    enum err e = job_call_begin(&call, j, on_metrics, l, fault);
    if (e)
        return e;
    prove_send_metrics(call.pg, job_environment(j),
                       json_string_value(json_object_get(input, "campaign")),
                       json_integer_value(json_object_get(input, "phase")), job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err read_head(struct job *j, struct load *l, const json_t *input, struct fault *fault)
{
    const char *campaign = json_string_value(json_object_get(input, "campaign"));
    enum err e = read_metrics(j, l, input, fault);
    if (!e && !l->is_there)
        return fault_set(fault, ERR_NOT_FOUND, "", "There is no campaign \"%s\".", campaign);
    if (!e && l->column_count == 0)
        return fault_set(fault, ERR_INVALID, "", "No metric of \"%s\" is computed yet.", campaign);
    return e;
}

static enum err read_page(struct job *j, struct load *l, int64_t since_us, struct fault *fault)
{
    struct job_call call;
    const struct prove_page page = {.campaign_id = l->campaign,
                                    .phase = l->phase,
                                    .after = l->last,
                                    .since_us = since_us,
                                    .units = PAGE_UNITS};
    enum err e = job_call_begin(&call, j, on_units, l, fault);
    if (e)
        return e;
    prove_send_units(call.pg, &page, job_on_answer, &call);
    return job_call_wait(&call);
}

static enum err read_units(struct job *j, struct load *l, const json_t *input, struct fault *fault)
{
    const json_t *days = json_object_get(input, "days");
    int64_t since_us =
        json_is_integer(days) ? clock_wall_us() - json_integer_value(days) * DAY_US : -DAY_US * 365;
    size_t before;
    do {
        before = l->count;
        enum err e = read_page(j, l, since_us, fault);
        if (!e && !job_progress(j, 0))
            e = fault_set(fault, ERR_CONFLICT, "", "stopped");
        if (!e && l->count > UNITS_MOST)
            e = fault_set(fault, ERR_TOO_LARGE, "", "There are more than %d visitors.", UNITS_MOST);
        if (e)
            return e;
    } while (l->count - before == PAGE_UNITS);
    return ERR_OK;
}

static const int64_t *in_order(const struct load *l, const int64_t *values)
{
    return prove_column(l->arena, l->units, l->count, values, 1);
}

/* The units in the order of their exposure; they stand in the arena. */
static struct prove_units order(const struct load *l)
{
    struct prove_units ret = {.count = l->count, .metric_count = l->column_count};
    struct prove_metric *metrics = arena_zalloc(l->arena, (l->column_count + 1) * sizeof(*metrics));
    ret.exposed_us = prove_sort(l->arena, l->units, l->count);
    for (size_t i = 0; i < l->column_count; i++)
        metrics[i] = (struct prove_metric){.key = l->columns[i].key,
                                           .kind = l->columns[i].kind,
                                           .numerator = in_order(l, l->columns[i].numerator),
                                           .denominator = in_order(l, l->columns[i].denominator)};
    ret.metrics = metrics;
    return ret;
}

static bool on_progress(void *arg, double done)
{
    return job_progress(arg, READING_DONE + (1 - READING_DONE) * done);
}

static enum err work(struct job *j, struct load *l, const json_t *input, struct buf *out,
                     struct fault *fault)
{
    const struct prove_plan plan = {
        .seed = (uint64_t)json_integer_value(json_object_get(input, "seed")),
        .runs = (int)json_integer_value(json_object_get(input, "runs")),
        .uplift = json_number_value(json_object_get(input, "uplift")),
        .confidence = json_number_value(json_object_get(input, "confidence")),
        .on_progress = on_progress,
        .arg = j,
    };
    struct prove_report report;
    enum err e = read_head(j, l, input, fault);
    e = e ? e : read_units(j, l, input, fault);
    if (e)
        return e;
    const struct prove_units units = order(l);
    e = prove_run(&units, &plan, l->arena, &report, fault);
    if (!e)
        prove_write(&report, out);
    return e;
}

enum err prove_job_run(struct job *j, const json_t *input, struct buf *out, struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct load l = {.arena = arena, .last = mem_strdup("")};
    enum err e = work(j, &l, input, out, ret_fault);
    for (size_t i = 0; i < l.column_count; i++) {
        mem_free(l.columns[i].numerator);
        mem_free(l.columns[i].denominator);
    }
    mem_free(l.units);
    mem_free(l.last);
    return e;
}
