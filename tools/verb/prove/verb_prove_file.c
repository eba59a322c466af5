// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/prove/verb_prove.h"

#include "base/clock.h"
#include "base/mem.h"
#include "tools/csv/csv.h"
#include "tools/csv/csv_file.h"

#include <stdlib.h>
#include <string.h>

#define DECIMALS 6 /* of fixed point */
#define PREFIX   "metrics."
#define ABOVE    ".numerator"
#define BELOW    ".denominator"
#define METRICS  64

/* What a column of the file holds; of a metric: which one. */
enum column_kind { COLUMN_OTHER, COLUMN_TIME, COLUMN_VALUE, COLUMN_BELOW };

struct column {
    enum column_kind kind;
    size_t metric;
};

struct metric {
    const char *key;
    bool is_pair, is_fraction; /* is_fraction: some value is neither 0 nor 1 */
    int64_t *above, *below;    /* of 'room' units */
};

struct file {
    struct arena *arena;
    struct csv *csv;
    struct column columns[CSV_FIELDS];
    size_t column_count;
    struct metric metrics[METRICS];
    size_t metric_count;
    struct prove_unit *units;
    size_t count, room;
};

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static enum err add_metric(struct file *f, const char *name, struct column *c, struct fault *fault)
{
    bool is_above = ends_in(name, ABOVE), is_below = ends_in(name, BELOW);
    size_t length = strlen(name) - (is_above ? strlen(ABOVE) : is_below ? strlen(BELOW) : 0);
    const char *key = arena_strndup(f->arena, name, length);
    c->kind = is_below ? COLUMN_BELOW : COLUMN_VALUE;
    for (c->metric = 0; c->metric < f->metric_count; c->metric++)
        if (strcmp(f->metrics[c->metric].key, key) == 0)
            break;
    if (c->metric == METRICS)
        return fault_set(fault, ERR_INVALID, "", "more than %d metrics", METRICS);
    if (c->metric == f->metric_count)
        f->metrics[f->metric_count++].key = key;
    f->metrics[c->metric].is_pair |= is_below;
    return ERR_OK;
}

static enum err read_head(struct file *f, struct fault *fault)
{
    if (csv_next(f->csv, fault) != CSV_RECORD)
        return fault_set(fault, ERR_INVALID, "", "there is no line with the columns' names");
    f->column_count = csv_count(f->csv);
    for (size_t i = 0; i < f->column_count; i++) {
        const char *name = csv_field(f->csv, i);
        if (strcmp(name, "exposed_at") == 0)
            f->columns[i].kind = COLUMN_TIME;
        else if (strncmp(name, PREFIX, strlen(PREFIX)) == 0 &&
                 add_metric(f, name + strlen(PREFIX), &f->columns[i], fault))
            return fault->code;
    }
    if (f->metric_count == 0)
        return fault_set(fault, ERR_INVALID, "", "no column is named \"" PREFIX "…\"");
    return ERR_OK;
}

static void make_room(struct file *f)
{
    if (f->count < f->room)
        return;
    f->room = f->room ? f->room * 2 : 1024;
    f->units = mem_realloc(f->units, f->room * sizeof(*f->units));
    for (size_t i = 0; i < f->metric_count; i++) {
        struct metric *m = &f->metrics[i];
        m->above = mem_realloc(m->above, f->room * sizeof(*m->above));
        m->below = mem_realloc(m->below, f->room * sizeof(*m->below));
    }
}

static enum err take_field(struct file *f, const struct column *c, const char *text,
                           struct fault *fault)
{
    struct metric *m = &f->metrics[c->metric];
    __int128 value = 0;
    if (c->kind == COLUMN_OTHER)
        return ERR_OK;
    if (c->kind == COLUMN_TIME) {
        if (clock_parse(text, strlen(text), &f->units[f->count].exposed_us))
            return ERR_OK;
        return fault_set(fault, ERR_INVALID, "", "line %llu: \"%s\" is no time",
                         (unsigned long long)csv_line(f->csv), text);
    }
    if (!stats_parse_fixed(text, DECIMALS, &value) || value > INT64_MAX || value < INT64_MIN)
        return fault_set(fault, ERR_INVALID, "",
                         "line %llu: \"%s\" is no number of at most %d decimals",
                         (unsigned long long)csv_line(f->csv), text, DECIMALS);
    (c->kind == COLUMN_BELOW ? m->below : m->above)[f->count] = (int64_t)value;
    m->is_fraction |= value != 0 && value != 1000000;
    return ERR_OK;
}

static enum err take_record(struct file *f, struct fault *fault)
{
    make_room(f);
    f->units[f->count] = (struct prove_unit){.index = f->count};
    for (size_t i = 0; i < f->metric_count; i++)
        f->metrics[i].above[f->count] = f->metrics[i].below[f->count] = 0;
    if (csv_count(f->csv) != f->column_count)
        return fault_set(fault, ERR_INVALID, "", "line %llu has %zu fields, the first has %zu",
                         (unsigned long long)csv_line(f->csv), csv_count(f->csv), f->column_count);
    for (size_t i = 0; i < f->column_count; i++)
        if (take_field(f, &f->columns[i], csv_field(f->csv, i), fault))
            return fault->code;
    f->count++;
    return ERR_OK;
}

static struct prove_units order(const struct file *f)
{
    struct prove_metric *metrics = arena_zalloc(f->arena, f->metric_count * sizeof(*metrics));
    const int64_t *exposed = prove_sort(f->arena, f->units, f->count);
    for (size_t i = 0; i < f->metric_count; i++) {
        const struct metric *m = &f->metrics[i];
        bool is_conversion = !m->is_pair && !m->is_fraction;
        metrics[i] = (struct prove_metric){
            .key = m->key,
            .kind = m->is_pair      ? PROVE_RATIO
                    : is_conversion ? PROVE_CONVERSION
                                    : PROVE_MEAN,
            .numerator =
                prove_column(f->arena, f->units, f->count, m->above, is_conversion ? 1000000 : 1),
            .denominator = prove_column(f->arena, f->units, f->count, m->below, 1),
        };
    }
    return (struct prove_units){.count = f->count,
                                .exposed_us = exposed,
                                .metrics = metrics,
                                .metric_count = f->metric_count};
}

static enum err read_all(struct file *f, struct fault *fault)
{
    enum err e = read_head(f, fault);
    while (!e) {
        switch (csv_next(f->csv, fault)) {
        case CSV_RECORD:
            e = take_record(f, fault);
            break;
        case CSV_END:
            return ERR_OK;
        case CSV_BAD:
        case CSV_FAILED:
            return fault->code;
        }
    }
    return e;
}

enum err prove_file(const char *path, const struct prove_plan *plan, struct arena *arena,
                    struct prove_report *ret, struct fault *ret_fault)
{
    struct csv_file *source = csv_file_open(path, ret_fault);
    if (!source)
        return ret_fault->code;
    struct file *f = arena_zalloc(arena, sizeof(*f));
    f->arena = arena;
    f->csv = csv_new(csv_file_read, source, ',');
    enum err e = read_all(f, ret_fault);
    if (!e) {
        const struct prove_units units = order(f);
        e = prove_run(&units, plan, arena, ret, ret_fault);
    }
    for (size_t i = 0; i < f->metric_count; i++) {
        mem_free(f->metrics[i].above);
        mem_free(f->metrics[i].below);
    }
    mem_free(f->units);
    csv_free(f->csv);
    csv_file_close(source);
    return e;
}
