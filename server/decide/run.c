// SPDX-License-Identifier: GPL-3.0-or-later
#include "decide/run.h"

#include "base/clock.h"

#include <string.h>

/* Campaigns come by priority: the first that sets a flag wins. */
static void take_flags(struct decide_run *r, const struct decision *d)
{
    const struct snapshot_variant *v = &d->campaign->variants[d->variant];
    for (size_t i = 0; i < v->flag_count; i++)
        if (!r->flags[v->flags[i].flag])
            r->flags[v->flags[i].flag] = &v->flags[i].rendered;
}

static void write_campaign(struct decide_run *r, const struct snapshot_campaign *c)
{
    struct decision d = decide_campaign(&r->decide, c);
    r->writer->campaign(r->writer_arg, &d);
    if (d.variant >= 0)
        take_flags(r, &d);
}

static bool is_named(const struct decide_run *r, const struct snapshot_campaign *c)
{
    const json_t *names = r->question.campaigns;
    for (size_t i = 0; i < json_array_size(names); i++)
        if (strcmp(json_string_value(json_array_get(names, i)), c->key) == 0)
            return true;
    return false;
}

static void write_unknown(struct decide_run *r)
{
    const json_t *names = r->question.campaigns;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *key = json_string_value(json_array_get(names, i));
        if (!snapshot_find_campaign(r->snapshot, key))
            r->writer->unknown(r->writer_arg, key);
    }
}

static void write_some(struct decide_run *r)
{
    const struct snapshot *s = r->snapshot;
    for (size_t i = 0; i < s->campaign_count; i++)
        if (r->is_of_all || is_named(r, &s->campaigns[i]))
            write_campaign(r, &s->campaigns[i]);
    write_unknown(r);
}

static void write_running(struct decide_run *r)
{
    const struct snapshot *s = r->snapshot;
    decide_hash_all(&r->decide, r->arena);
    for (size_t i = 0; i < s->running_count; i++)
        write_campaign(r, s->running[i]);
}

static void write_all(struct decide_run *r)
{
    r->flags = arena_zalloc(r->arena, r->snapshot->flag_count * sizeof(*r->flags));
    decide_init(&r->decide, r->arena, r->snapshot, r->question.visitor_id, r->question.attributes,
                clock_wall_us());
    r->writer->begin(r->writer_arg, r);
    if (r->is_of_all || r->question.campaigns)
        write_some(r);
    else
        write_running(r);
    r->writer->end(r->writer_arg);
    question_done(&r->question);
}

static void on_found(void *arg, const json_t *found)
{
    struct decide_run *r = arg;
    r->found = found;
    r->unavailable = found ? NULL : r->source->name;
    write_all(r);
    snapshot_unref(r->snapshot);
    r->fn(r->arg);
}

bool decide_run_begin(struct decide_run *r)
{
    if (!r->source || !r->snapshot->has_holes) {
        write_all(r);
        return true;
    }
    snapshot_ref(r->snapshot);
    lookup_send(r->loop, r->source, r->question.visitor_id, on_found, r);
    return false;
}
