// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "base/clock.h"
#include "base/mem.h"
#include "model/campaign/campaign_variant.h"

#include <string.h>

static int find_flag(const struct snapshot *s, const char *key)
{
    for (size_t i = 0; i < s->flag_count; i++)
        if (strcmp(s->flags[i].key, key) == 0)
            return (int)i;
    return -1;
}

/* A flag that was archived stays in the phase that set it, and is not served any more. */
static void read_flag_values(struct snapshot *s, struct snapshot_variant *v, json_t *object)
{
    struct snapshot_flag_value *values =
        arena_zalloc(s->arena, json_object_size(object) * sizeof(*values));
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        int flag = find_flag(s, key);
        if (flag >= 0)
            values[v->flag_count++] = (struct snapshot_flag_value){
                .flag = (unsigned)flag, .rendered = snapshot_render_flag(s->arena, key, value)};
    }
    v->flags = values;
}

/* "variant":"b","is_control":false,"flags":{"cta":"Buy"}, and "changes" where there are any */
static void render_variant(struct snapshot *s, struct snapshot_variant *v, const json_t *changes)
{
    struct snapshot_draft d = {.arena = s->arena};
    buf_add_str(&d.text, "\"variant\":");
    json_add_string(&d.text, v->key);
    buf_printf(&d.text, ",\"is_control\":%s,\"flags\":{", v->is_control ? "true" : "false");
    for (size_t i = 0; i < v->flag_count; i++)
        snapshot_draft_add(&d, &v->flags[i].rendered, i == 0);
    buf_add_char(&d.text, '}');
    if (json_array_size(changes) > 0) {
        auto_json json_t *lean = snapshot_lean(changes);
        buf_add_str(&d.text, ",\"changes\":");
        snapshot_draft_add_value(&d, lean);
    }
    v->rendered = snapshot_draft_take(&d);
}

static void render_campaign(struct snapshot *s, struct snapshot_campaign *c, const json_t *triggers)
{
    auto_buf struct buf b = {0};
    buf_add_str(&b, ",{\"campaign\":");
    json_add_string(&b, c->key);
    buf_printf(&b, ",\"phase\":%d,", c->phase);
    auto_json json_t *lean = snapshot_lean(triggers);
    if (json_object_size(lean) > 0) {
        buf_add_str(&b, "\"triggers\":");
        json_add_value(&b, lean);
        buf_add_char(&b, ',');
    }
    c->rendered = snapshot_slice(s->arena, &b);
    buf_add_str(&b, "\"variant\":null,\"reason\":\"");
    c->unserved = snapshot_slice(s->arena, &b);
}

static void render_served(struct snapshot *s, const struct snapshot_campaign *c,
                          struct snapshot_variant *v)
{
    struct snapshot_draft d = {.arena = s->arena};
    snapshot_draft_add_text(&d, c->rendered.text, c->rendered.length);
    snapshot_draft_add(&d, &v->rendered, 0);
    buf_add_str(&d.text, ",\"reason\":\"bucket\"}");
    v->served = snapshot_draft_take(&d);
    s->has_holes |= c->is_running && v->served.hole_count > 0;
}

static void read_variant(struct snapshot *s, const struct snapshot_campaign *c,
                         struct snapshot_variant *v, const json_t *row)
{
    v->key = snapshot_member(s->arena, row, "key");
    v->is_control = json_is_true(json_object_get(row, "is_control"));
    read_flag_values(s, v, json_object_get(row, "flags"));
    render_variant(s, v, json_object_get(row, "changes"));
    render_served(s, c, v);
}

static void read_variants(struct snapshot *s, struct snapshot_campaign *c, const json_t *list)
{
    size_t count = json_array_size(list);
    struct snapshot_variant *variants = arena_zalloc(s->arena, count * sizeof(*variants));
    struct bucket_range *owned = arena_zalloc(s->arena, count * sizeof(*owned));
    auto_free double *weights = mem_zalloc(count * sizeof(*weights));
    c->control = -1;
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(list, i);
        read_variant(s, c, &variants[i], row);
        weights[i] = json_number_value(json_object_get(row, "weight"));
        if (variants[i].is_control)
            c->control = (int)i;
    }
    bucket_share_out(weights, count, c->coverage, owned);
    c->variants = variants;
    c->owned = owned;
    c->variant_count = count;
}

static enum err read_forced(struct snapshot *s, struct snapshot_campaign *c, json_t *object,
                            struct fault *fault)
{
    struct snapshot_forced *forced =
        arena_zalloc(s->arena, json_object_size(object) * sizeof(*forced));
    const char *visitor_id;
    json_t *value;
    json_object_foreach(object, visitor_id, value) {
        int variant = snapshot_find_variant(c, json_string_value(value));
        if (variant < 0)
            return fault_set(fault, ERR_INVALID, "/forced", "there is no variant %s",
                             json_string_value(value));
        forced[c->forced_count++] = (struct snapshot_forced){
            .visitor_id = arena_strdup(s->arena, visitor_id), .variant = (unsigned)variant};
    }
    c->forced = forced;
    return ERR_OK;
}

static int64_t time_of(const json_t *object, const char *key, int64_t fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    int64_t us = fallback;
    must(!text || clock_parse(text, strlen(text), &us));
    return us;
}

static enum err read_schedule(struct snapshot_campaign *c, const json_t *schedule,
                              struct fault *fault)
{
    c->start_us = time_of(schedule, "start", INT64_MIN);
    c->end_us = time_of(schedule, "end", INT64_MAX);
    return c->start_us < c->end_us
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "/schedule/end", "must be after the start");
}

static enum err read_layer(const struct snapshot_reading *r, struct snapshot_campaign *c,
                           const json_t *layer, struct fault *fault)
{
    if (json_is_null(layer))
        return ERR_OK;
    const char *key = json_string_value(json_object_get(layer, "key"));
    for (size_t i = 0; i < r->snapshot->layer_count; i++)
        if (strcmp(key, r->layers[i].key) == 0)
            c->layer = &r->layers[i];
    if (!c->layer || !campaign_rules[c->kind].can_have_layer)
        return fault_set(fault, ERR_INVALID, "/layer/key", "the layer %s %s", key,
                         c->layer ? "cannot hold a campaign of its kind" : "is not there");
    const json_t *list = json_object_get(layer, "ranges");
    c->range_count = json_array_size(list);
    struct bucket_range *ranges =
        arena_zalloc(r->snapshot->arena, c->range_count * sizeof(*ranges));
    for (size_t i = 0; i < c->range_count; i++) {
        const json_t *row = json_array_get(list, i);
        ranges[i].from = (unsigned)json_integer_value(json_array_get(row, 0));
        ranges[i].to = (unsigned)json_integer_value(json_array_get(row, 1));
    }
    c->ranges = ranges;
    return ERR_OK;
}

static enum err read_audience(struct snapshot *s, struct snapshot_campaign *c,
                              const json_t *audience, struct fault *fault)
{
    if (json_object_size(audience) == 0)
        return ERR_OK;
    c->audience = condition_compile_among(&s->names, audience, CONDITION_LENIENT, fault);
    if (c->audience)
        return ERR_OK;
    fault_prefix(fault, "/phase/experiences/0/audience");
    return fault->code;
}

/* An experiment is one experience without a key. */
static enum err read_experience(struct snapshot *s, struct snapshot_campaign *c, const json_t *list,
                                struct fault *fault)
{
    const json_t *only = json_array_get(list, 0);
    const json_t *variants = json_object_get(only, "variants");
    if (json_array_size(list) != 1 || json_string_length(json_object_get(only, "key")) != 0)
        return fault_set(fault, ERR_INVALID, "/phase/experiences",
                         "must be one that has an empty key");
    if (campaign_variant_check_arms(c->kind, variants, fault)) {
        fault_prefix(fault, "/phase/experiences/0");
        return ERR_INVALID;
    }
    if (read_audience(s, c, json_object_get(only, "audience"), fault))
        return ERR_INVALID;
    read_variants(s, c, variants);
    return ERR_OK;
}

enum err snapshot_read_campaign(struct snapshot_reading *r, struct snapshot_campaign *c,
                                const json_t *row, struct fault *ret_fault)
{
    struct snapshot *s = r->snapshot;
    const json_t *phase = json_object_get(row, "phase");
    c->id = (int)json_integer_value(json_object_get(row, "id"));
    c->key = snapshot_member(s->arena, row, "key");
    c->kind = campaign_kind_of(row);
    c->can_hold_out = campaign_rules[c->kind].can_hold_out;
    c->is_running = campaign_status_of(row) == CAMPAIGN_RUNNING;
    c->phase = (int)json_integer_value(json_object_get(phase, "number"));
    c->coverage = json_number_value(json_object_get(row, "coverage"));
    c->seed = bucket_seed_of(json_string_value(json_object_get(phase, "seed")));
    render_campaign(s, c, json_object_get(phase, "triggers"));
    enum err e = read_schedule(c, json_object_get(row, "schedule"), ret_fault);
    if (!e)
        e = read_layer(r, c, json_object_get(row, "layer"), ret_fault);
    if (!e)
        e = read_experience(s, c, json_object_get(phase, "experiences"), ret_fault);
    return e ? e : read_forced(s, c, json_object_get(row, "forced"), ret_fault);
}
