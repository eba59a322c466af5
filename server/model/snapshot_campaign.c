// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_private.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

#include <string.h>

static int find_flag(const struct snapshot_environment *e, const char *key)
{
    for (size_t i = 0; i < e->flag_count; i++)
        if (strcmp(e->flags[i].key, key) == 0)
            return (int)i;
    return -1;
}

static void read_flag_values(struct snapshot *s, const struct snapshot_environment *e,
                             struct snapshot_variant *v, json_t *object)
{
    struct snapshot_flag_value *values =
        arena_zalloc(s->arena, json_object_size(object) * sizeof(*values));
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        int flag = find_flag(e, key);
        if (flag >= 0)
            values[v->flag_count++] = (struct snapshot_flag_value){
                .flag = (unsigned)flag, .rendered = snapshot_render_flag(s->arena, key, value)};
    }
    v->flags = values;
}

/* "variant":"b","is_control":false,"flags":{"cta":"Buy"}, and "changes" where there are any */
static void render_variant(struct snapshot *s, struct snapshot_variant *v, const json_t *changes)
{
    auto_buf struct buf b = {0};
    buf_add_str(&b, "\"variant\":");
    json_add_string(&b, v->key);
    buf_printf(&b, ",\"is_control\":%s,\"flags\":{", v->is_control ? "true" : "false");
    for (size_t i = 0; i < v->flag_count; i++) {
        const struct buf_slice *flag = &v->flags[i].rendered;
        size_t comma = i == 0;
        buf_add(&b, flag->text + comma, flag->length - comma);
    }
    buf_add_char(&b, '}');
    if (json_array_size(changes) > 0) {
        buf_add_str(&b, ",\"changes\":");
        json_add_value(&b, changes);
    }
    v->rendered = snapshot_slice(s->arena, &b);
}

static void render_campaign(struct snapshot *s, struct snapshot_campaign *c, const json_t *triggers)
{
    auto_buf struct buf b = {0};
    buf_add_str(&b, ",{\"campaign\":");
    json_add_string(&b, c->key);
    buf_printf(&b, ",\"phase\":%d,", c->phase);
    if (json_is_object(triggers)) {
        buf_add_str(&b, "\"triggers\":");
        json_add_value(&b, triggers);
        buf_add_char(&b, ',');
    }
    c->rendered = snapshot_slice(s->arena, &b);
}

static void render_served(struct snapshot *s, const struct snapshot_campaign *c,
                          struct snapshot_variant *variants)
{
    for (size_t i = 0; i < c->variant_count; i++) {
        auto_buf struct buf b = {0};
        buf_add(&b, c->rendered.text, c->rendered.length);
        buf_add(&b, variants[i].rendered.text, variants[i].rendered.length);
        buf_add_str(&b, ",\"reason\":\"bucket\"}");
        variants[i].served = snapshot_slice(s->arena, &b);
    }
}

static void read_variants(struct snapshot *s, const struct snapshot_environment *e,
                          struct snapshot_campaign *c, const json_t *list)
{
    size_t count = json_array_size(list), i;
    struct snapshot_variant *variants = arena_zalloc(s->arena, count * sizeof(*variants));
    struct bucket_range *owned = arena_zalloc(s->arena, count * sizeof(*owned));
    auto_free double *weights = mem_zalloc((count + 1) * sizeof(*weights));
    json_t *row;
    c->control = -1;
    json_array_foreach(list, i, row)
    {
        variants[i].key = snapshot_text(s->arena, row, "key");
        variants[i].is_control = json_is_true(json_object_get(row, "is_control"));
        weights[i] = json_number_value(json_object_get(row, "weight"));
        if (variants[i].is_control)
            c->control = (int)i;
        read_flag_values(s, e, &variants[i], json_object_get(row, "flags"));
        render_variant(s, &variants[i], json_object_get(row, "changes"));
    }
    bucket_share_out(weights, count, c->coverage, owned);
    c->variants = variants;
    c->owned = owned;
    c->variant_count = count;
    render_served(s, c, variants);
}

static void read_forced(struct snapshot *s, struct snapshot_campaign *c, json_t *object)
{
    struct snapshot_forced *forced =
        arena_zalloc(s->arena, json_object_size(object) * sizeof(*forced));
    const char *visitor_id;
    json_t *value;
    json_object_foreach(object, visitor_id, value)
    {
        const char *key = json_string_value(value);
        int variant = key ? snapshot_find_variant(c, key) : -1;
        if (variant >= 0)
            forced[c->forced_count++] = (struct snapshot_forced){
                .visitor_id = arena_strdup(s->arena, visitor_id), .variant = (unsigned)variant};
    }
    c->forced = forced;
}

static int64_t read_time(const json_t *object, const char *key, int64_t fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    int64_t us;
    return text && clock_parse(text, strlen(text), &us) ? us : fallback;
}

enum campaign_kind snapshot_campaign_kind(const json_t *row)
{
    static const char *const names[] = {"experiment", "rollout", "personalization", "holdout"};
    const char *name = json_string_value(json_object_get(row, "kind"));
    for (int i = 0; name && i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return (enum campaign_kind)i;
    return CAMPAIGN_EXPERIMENT;
}

enum err snapshot_read_campaign(struct snapshot *s, struct snapshot_environment *e,
                                struct snapshot_campaign *c, const json_t *row,
                                struct fault *ret_fault)
{
    const json_t *phase = json_object_get(row, "phase");
    const char *status = json_string_value(json_object_get(row, "status"));
    const json_t *schedule = json_object_get(row, "schedule");
    const json_t *audience = json_object_get(phase, "audience");
    c->id = (int)json_integer_value(json_object_get(row, "id"));
    c->key = snapshot_text(s->arena, row, "key");
    c->kind = snapshot_campaign_kind(row);
    c->is_running = status && strcmp(status, "running") == 0;
    c->phase = (int)json_integer_value(json_object_get(phase, "number"));
    c->start_us = read_time(schedule, "start", INT64_MIN);
    c->end_us = read_time(schedule, "end", INT64_MAX);
    c->coverage = json_number_value(json_object_get(row, "coverage"));
    c->seed = bucket_seed_of(snapshot_text(s->arena, phase, "seed"));
    if (json_is_object(audience) && json_object_size(audience) > 0) {
        c->audience = condition_compile_among(&e->names, audience, CONDITION_LENIENT, ret_fault);
        if (!c->audience)
            return ERR_INVALID;
    }
    render_campaign(s, c, json_object_get(phase, "triggers"));
    read_variants(s, e, c, json_object_get(phase, "variants"));
    read_forced(s, c, json_object_get(row, "forced"));
    return ERR_OK;
}
