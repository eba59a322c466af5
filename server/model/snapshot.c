// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

static struct buf_slice slice_of(struct arena *arena, const struct buf *b)
{
    return (struct buf_slice){arena_strndup(arena, b->data ? b->data : "", b->length), b->length};
}

static const char *text_of(struct arena *arena, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return arena_strdup(arena, value ? value : "");
}

static struct buf_slice render_value(struct arena *arena, const json_t *value)
{
    auto_buf struct buf b = {0};
    json_add_value(&b, value);
    return slice_of(arena, &b);
}

static void read_flags(struct snapshot *s, struct snapshot_environment *e, const json_t *list)
{
    struct snapshot_flag *flags = arena_zalloc(s->arena, json_array_size(list) * sizeof(*flags));
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        auto_buf struct buf key = {0};
        flags[i].key = text_of(s->arena, row, "key");
        json_add_string(&key, flags[i].key);
        buf_add_char(&key, ':');
        flags[i].rendered_key = slice_of(s->arena, &key);
        json_t *fallback = json_object_get(row, "default");
        flags[i].rendered_default =
            fallback ? render_value(s->arena, fallback) : (struct buf_slice){"null", 4};
    }
    e->flags = flags;
    e->flag_count = json_array_size(list);
}

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
                .flag = (unsigned)flag, .rendered = render_value(s->arena, value)};
    }
    v->flags = values;
}

/* "variant":"b","is_control":false,"flags":{"cta":"Buy"}, and "changes" where there are any */
static void render_variant(struct snapshot *s, const struct snapshot_environment *e,
                           struct snapshot_variant *v, const json_t *changes)
{
    auto_buf struct buf b = {0};
    buf_add_str(&b, "\"variant\":");
    json_add_string(&b, v->key);
    buf_printf(&b, ",\"is_control\":%s,\"flags\":{", v->is_control ? "true" : "false");
    for (size_t i = 0; i < v->flag_count; i++) {
        json_add_comma(&b);
        buf_add(&b, e->flags[v->flags[i].flag].rendered_key.text,
                e->flags[v->flags[i].flag].rendered_key.length);
        buf_add(&b, v->flags[i].rendered.text, v->flags[i].rendered.length);
    }
    buf_add_char(&b, '}');
    if (json_array_size(changes) > 0) {
        buf_add_str(&b, ",\"changes\":");
        json_add_value(&b, changes);
    }
    v->rendered = slice_of(s->arena, &b);
}

static void render_campaign(struct snapshot *s, struct snapshot_campaign *c, const json_t *triggers)
{
    auto_buf struct buf b = {0};
    buf_add_str(&b, "{\"campaign\":");
    json_add_string(&b, c->key);
    buf_printf(&b, ",\"phase\":%d,", c->phase);
    if (json_is_object(triggers)) {
        buf_add_str(&b, "\"triggers\":");
        json_add_value(&b, triggers);
        buf_add_char(&b, ',');
    }
    c->rendered = slice_of(s->arena, &b);
}

static void render_served(struct snapshot *s, const struct snapshot_campaign *c,
                          struct snapshot_variant *variants)
{
    for (size_t i = 0; i < c->variant_count; i++) {
        auto_buf struct buf b = {0};
        buf_add(&b, c->rendered.text, c->rendered.length);
        buf_add(&b, variants[i].rendered.text, variants[i].rendered.length);
        buf_add_str(&b, ",\"reason\":\"bucket\"}");
        variants[i].served = slice_of(s->arena, &b);
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
        variants[i].key = text_of(s->arena, row, "key");
        variants[i].is_control = json_is_true(json_object_get(row, "is_control"));
        weights[i] = json_number_value(json_object_get(row, "weight"));
        if (variants[i].is_control)
            c->control = (int)i;
        read_flag_values(s, e, &variants[i], json_object_get(row, "flags"));
        render_variant(s, e, &variants[i], json_object_get(row, "changes"));
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

static void read_layer(struct snapshot *s, struct snapshot_campaign *c, const json_t *layer,
                       const struct snapshot_layer *layers, const json_t *layer_list)
{
    const char *key = json_string_value(json_object_get(layer, "key"));
    size_t i;
    json_t *row;
    json_array_foreach(layer_list, i, row)
    {
        const char *name = json_string_value(json_object_get(row, "key"));
        if (key && name && strcmp(key, name) == 0)
            c->layer = &layers[i];
    }
    json_t *list = json_object_get(layer, "ranges");
    struct bucket_range *ranges = arena_zalloc(s->arena, json_array_size(list) * sizeof(*ranges));
    json_array_foreach(list, i, row)
    {
        ranges[i].from = (unsigned)json_integer_value(json_array_get(row, 0));
        ranges[i].to = (unsigned)json_integer_value(json_array_get(row, 1));
    }
    c->ranges = ranges;
    c->range_count = json_array_size(list);
}

static int64_t read_time(const json_t *object, const char *key, int64_t fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    int64_t us;
    return text && clock_parse(text, strlen(text), &us) ? us : fallback;
}

static enum campaign_kind read_kind(const json_t *row)
{
    static const char *const names[] = {"experiment", "rollout", "personalization", "holdout"};
    const char *name = json_string_value(json_object_get(row, "kind"));
    for (int i = 0; name && i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return (enum campaign_kind)i;
    return CAMPAIGN_EXPERIMENT;
}

static enum err read_campaign(struct snapshot *s, const struct snapshot_environment *e,
                              struct snapshot_campaign *c, const json_t *row, struct fault *fault)
{
    const json_t *phase = json_object_get(row, "phase");
    const char *status = json_string_value(json_object_get(row, "status"));
    const json_t *schedule = json_object_get(row, "schedule");
    const json_t *audience = json_object_get(phase, "audience");
    c->id = (int)json_integer_value(json_object_get(row, "id"));
    c->key = text_of(s->arena, row, "key");
    c->kind = read_kind(row);
    c->is_running = status && strcmp(status, "running") == 0;
    c->phase = (int)json_integer_value(json_object_get(phase, "number"));
    c->start_us = read_time(schedule, "start", INT64_MIN);
    c->end_us = read_time(schedule, "end", INT64_MAX);
    c->coverage = json_number_value(json_object_get(row, "coverage"));
    c->seed = bucket_seed_of(text_of(s->arena, phase, "seed"));
    if (json_is_object(audience) && json_object_size(audience) > 0) {
        c->audience = condition_compile(s->arena, audience, CONDITION_LENIENT, fault);
        if (!c->audience)
            return ERR_INVALID;
    }
    render_campaign(s, c, json_object_get(phase, "triggers"));
    read_variants(s, e, c, json_object_get(phase, "variants"));
    read_forced(s, c, json_object_get(row, "forced"));
    return ERR_OK;
}

static void gather_running(struct snapshot *s, struct snapshot_environment *e,
                           struct snapshot_campaign *campaigns)
{
    const struct snapshot_campaign **running =
        arena_zalloc(s->arena, e->campaign_count * sizeof(const struct snapshot_campaign *));
    struct bucket_seed *seeds = arena_zalloc(s->arena, e->campaign_count * sizeof(*seeds));
    for (size_t i = 0; i < e->campaign_count; i++) {
        if (!campaigns[i].is_running)
            continue;
        campaigns[i].place = e->running_count;
        running[e->running_count] = &campaigns[i];
        seeds[e->running_count++] = campaigns[i].seed;
    }
    e->running = running;
    e->seeds = seeds;
}

/* Holdouts first; the document already comes by priority and key. */
static enum err read_campaigns(struct snapshot *s, struct snapshot_environment *e,
                               const json_t *row, struct fault *fault)
{
    const json_t *list = json_object_get(row, "campaigns"),
                 *layer_list = json_object_get(row, "layers");
    size_t i, at = 0;
    json_t *item;
    struct snapshot_layer *layers =
        arena_zalloc(s->arena, json_array_size(layer_list) * sizeof(*layers));
    json_array_foreach(layer_list, i, item) layers[i] = (struct snapshot_layer){
        .seed = bucket_seed_of(text_of(s->arena, item, "seed")), .index = (unsigned)i};
    struct snapshot_campaign *campaigns =
        arena_zalloc(s->arena, json_array_size(list) * sizeof(*campaigns));
    for (int is_second = 0; is_second < 2; is_second++) {
        json_array_foreach(list, i, item)
        {
            if ((read_kind(item) == CAMPAIGN_HOLDOUT) == (is_second == 1))
                continue;
            if (read_campaign(s, e, &campaigns[at], item, fault))
                return ERR_INVALID;
            read_layer(s, &campaigns[at], json_object_get(item, "layer"), layers, layer_list);
            at++;
        }
        if (!is_second)
            e->holdout_count = at;
    }
    e->campaigns = campaigns;
    e->campaign_count = at;
    gather_running(s, e, campaigns);
    e->layer_count = json_array_size(layer_list);
    return ERR_OK;
}

static void read_origins(struct snapshot *s, struct snapshot_environment *e, const json_t *list)
{
    const char **origins = arena_zalloc(s->arena, json_array_size(list) * sizeof(*origins));
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) if (json_is_string(item)) origins[e->origin_count++] =
        arena_strdup(s->arena, json_string_value(item));
    e->origins = origins;
}

static enum err read_environment(struct snapshot *s, struct snapshot_environment *e,
                                 const json_t *row, struct fault *fault)
{
    e->id = (int)json_integer_value(json_object_get(row, "id"));
    e->key = text_of(s->arena, row, "key");
    e->currency = text_of(s->arena, row, "currency");
    e->is_panic = json_is_true(json_object_get(row, "is_panic"));
    read_origins(s, e, json_object_get(row, "origins"));
    read_flags(s, e, json_object_get(row, "flags"));
    return read_campaigns(s, e, row, fault);
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(((struct snapshot_key *)0)->sha256));
}

static void read_key(struct snapshot_key *key, const struct snapshot_environment *e,
                     const json_t *row)
{
    const char *hex = json_string_value(json_object_get(row, "sha256"));
    const char *role = json_string_value(json_object_get(row, "role"));
    const json_t *scopes = json_object_get(row, "scopes");
    if (!hex || strlen(hex) != 64 || !text_unhex(hex, 64, key->sha256))
        return;
    key->id = (int)json_integer_value(json_object_get(row, "id"));
    key->environment = e;
    if (!role || !role_parse(role, &key->role))
        key->role = ROLE_NONE;
    size_t i;
    json_t *scope;
    json_array_foreach(scopes, i, scope)
    {
        const char *name = json_string_value(scope);
        if (name && strcmp(name, "backfill") == 0)
            key->has_backfill = true;
    }
}

static void read_keys(struct snapshot *s, const json_t *list)
{
    size_t count = 0, i, j;
    json_t *row, *key;
    json_array_foreach(list, i, row) count += json_array_size(json_object_get(row, "keys"));
    struct snapshot_key *keys = arena_zalloc(s->arena, count * sizeof(*keys));
    json_array_foreach(list, i, row) json_array_foreach(json_object_get(row, "keys"), j, key)
        read_key(&keys[s->key_count++], &s->environments[i], key);
    qsort(keys, count, sizeof(*keys), compare_keys);
    s->keys = keys;
}

static enum err read_document(struct snapshot *s, const json_t *document, struct fault *fault)
{
    const json_t *list = json_object_get(document, "environments");
    struct snapshot_environment *environments =
        arena_zalloc(s->arena, json_array_size(list) * sizeof(*environments));
    size_t i;
    json_t *row;
    if (!json_is_array(list))
        return fault_set(fault, ERR_INVALID, "/environments", "must be an array");
    s->environments = environments;
    s->environment_count = json_array_size(list);
    json_array_foreach(
        list, i, row) if (read_environment(s, &environments[i], row, fault)) return ERR_INVALID;
    read_keys(s, list);
    return ERR_OK;
}

struct snapshot *snapshot_compile(int64_t version, char *text, size_t length,
                                  struct fault *ret_fault)
{
    bool repaired;
    auto_json json_t *document = json_parse(text, length, &limits, &repaired, ret_fault);
    if (!document)
        return NULL;
    struct arena *arena = arena_new(64 * 1024);
    struct snapshot *s = arena_zalloc(arena, sizeof(*s));
    s->arena = arena;
    s->version = version;
    s->rendered.text =
        arena_printf(arena, ",\"snapshot\":%lld,\"decisions\":[", (long long)version);
    s->rendered.length = strlen(s->rendered.text);
    if (read_document(s, document, ret_fault)) {
        snapshot_free(s);
        return NULL;
    }
    return s;
}

void snapshot_free(struct snapshot *s)
{
    if (s)
        arena_free(s->arena);
}
