// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/audience/audience_private.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "store/event/audience.h"

#include <string.h>

#define FRESH_US         (5 * 60 * SECOND_US)
#define ATTRIBUTE_LIMITS ((struct json_limits){.bytes = 1 << 20, .depth = 8, .nodes = 10000})

/* Who has asked and is not answered yet. */
struct asking {
    struct asking *next;
    int64_t environment_id;
    audience_fn *fn;
    void *arg;
};

/* A sample that is being read, for all who ask about its environment meanwhile. */
struct reading {
    struct reading *next;
    struct audience *audience;
    int64_t environment_id;
    struct asking *askings;
    size_t count;
    double *weights;
    char **texts; /* each visitor's attributes */
    struct audience_sample *sample;
};

struct audience_sample *audience_sample_ref(struct audience_sample *s)
{
    s->refs++;
    return s;
}

void audience_sample_unref(struct audience_sample *s)
{
    if (--s->refs > 0)
        return;
    for (size_t i = 0; i < s->count; i++)
        json_decref(s->rows[i].attributes);
    mem_free(s->rows);
    mem_free(s);
}

static bool is_fresh(const struct audience *a, const struct audience_sample *s)
{
    return clock_mono_us() - s->read_us < a->fresh_us;
}

static struct audience_sample *find(const struct audience *a, int64_t environment_id)
{
    struct audience_sample *s = a->samples;
    while (s && (s->environment_id != environment_id || !is_fresh(a, s)))
        s = s->next;
    return s;
}

/* All that are no longer fresh, and the one of an environment that is about to get another. */
static void forget(struct audience *a, int64_t environment_id)
{
    struct audience_sample **at = &a->samples;
    while (*at) {
        struct audience_sample *s = *at;
        if (is_fresh(a, s) && s->environment_id != environment_id) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        audience_sample_unref(s);
    }
}

static void on_timer(void *arg)
{
    struct audience *a = arg;
    forget(a, 0);
    if (a->samples)
        loop_timer_set(a->timer, a->fresh_us);
}

/* NULL: it goes beyond what is read. Visitors sent it, so it must not end the desk. */
static json_t *read_attributes(char *text)
{
    struct fault fault;
    return json_parse(text, strlen(text), &ATTRIBUTE_LIMITS, NULL, &fault);
}

/* In a thread: thousands of documents are taken apart. */
static void parse(void *arg)
{
    struct reading *r = arg;
    struct audience_sample *s = mem_zalloc(sizeof(*s));
    s->refs = 1;
    s->environment_id = r->environment_id;
    s->read_us = clock_mono_us();
    s->rows = mem_zalloc((r->count + 1) * sizeof(*s->rows));
    for (size_t i = 0; i < r->count; i++) {
        json_t *attributes = read_attributes(r->texts[i]);
        if (!attributes)
            continue;
        s->rows[s->count++] = (struct audience_visitor){r->weights[i], attributes};
        s->visitors += r->weights[i];
    }
    r->sample = s;
}

/* Answers all of the list, and takes it. */
static void answer_all(struct asking *list, struct audience_sample *sample,
                       const struct pg_answer *answer)
{
    struct asking *next;
    for (; list; list = next) {
        next = list->next;
        list->fn(list->arg, sample, answer);
        mem_free(list);
    }
}

static void reading_end(struct reading *r, const struct pg_answer *answer)
{
    struct reading **at = &r->audience->readings;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    answer_all(r->askings, r->sample, answer);
    for (size_t i = 0; i < r->count; i++)
        mem_free(r->texts[i]);
    mem_free(r->texts);
    mem_free(r->weights);
    mem_free(r);
}

static void on_parsed(void *arg)
{
    struct reading *r = arg;
    struct audience *a = r->audience;
    forget(a, r->environment_id);
    r->sample->next = a->samples;
    a->samples = r->sample;
    loop_timer_set(a->timer, a->fresh_us);
    reading_end(r, NULL);
}

static void on_sample(void *arg, const struct pg_answer *answer)
{
    struct reading *r = arg;
    if (!answer->result) {
        reading_end(r, answer);
        return;
    }
    r->count = (size_t)audience_count(answer->result);
    r->weights = mem_zalloc((r->count + 1) * sizeof(*r->weights));
    r->texts = mem_zalloc((r->count + 1) * sizeof(*r->texts));
    for (size_t i = 0; i < r->count; i++) {
        struct audience_row row;
        audience_read(answer->result, (int)i, &row);
        r->weights[i] = row.weight;
        r->texts[i] = mem_strdup(row.attributes);
    }
    thread_pool_send(r->audience->pool, parse, on_parsed, r);
}

/* Waits for the sample that is being read for its environment, or has one read. */
static void wait_for_sample(struct audience *a, struct asking *asking)
{
    struct reading *r = a->readings;
    while (r && r->environment_id != asking->environment_id)
        r = r->next;
    if (r) {
        asking->next = r->askings;
        r->askings = asking;
        return;
    }
    r = mem_zalloc(sizeof(*r));
    *r = (struct reading){.next = a->readings,
                          .audience = a,
                          .environment_id = asking->environment_id,
                          .askings = asking};
    a->readings = r;
    audience_send(a->pg, r->environment_id, on_sample, r);
}

/* The sample that was fresh may have been forgotten since. */
static void on_turn(void *arg)
{
    struct audience *a = arg;
    struct asking *list = a->deferred, *next;
    a->deferred = NULL;
    for (; list; list = next) {
        next = list->next;
        struct audience_sample *s = find(a, list->environment_id);
        list->next = NULL;
        if (s)
            answer_all(list, s, NULL);
        else
            wait_for_sample(a, list);
    }
}

void audience_ask(struct audience *a, int64_t environment_id, audience_fn *fn, void *arg)
{
    struct asking *asking = mem_alloc(sizeof(*asking));
    *asking = (struct asking){NULL, environment_id, fn, arg};
    if (!find(a, environment_id)) {
        wait_for_sample(a, asking);
        return;
    }
    if (!a->deferred)
        loop_defer(a->loop, on_turn, a);
    asking->next = a->deferred;
    a->deferred = asking;
}

struct audience *audience_new(struct loop *l, struct pg *pg, struct thread_pool *pool)
{
    struct audience *a = mem_zalloc(sizeof(*a));
    a->pg = pg;
    a->pool = pool;
    a->loop = l;
    a->fresh_us = FRESH_US;
    a->timer = loop_timer_new(l, on_timer, a);
    return a;
}

void audience_free(struct audience *a)
{
    while (a->samples) {
        struct audience_sample *s = a->samples;
        a->samples = s->next;
        audience_sample_unref(s);
    }
    while (a->deferred) {
        struct asking *asking = a->deferred;
        a->deferred = asking->next;
        mem_free(asking);
    }
    loop_timer_free(a->timer);
    mem_free(a);
}
