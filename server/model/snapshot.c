// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_private.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

struct buf_slice snapshot_slice(struct arena *arena, const struct buf *b)
{
    return (struct buf_slice){arena_strndup(arena, b->data ? b->data : "", b->length), b->length};
}

const char *snapshot_text(struct arena *arena, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return arena_strdup(arena, value ? value : "");
}

struct buf_slice snapshot_render_flag(struct arena *arena, const char *key, const json_t *value)
{
    auto_buf struct buf b = {0};
    buf_add_char(&b, ',');
    json_add_string(&b, key);
    buf_add_char(&b, ':');
    if (value)
        json_add_value(&b, value);
    else
        buf_add_str(&b, "null");
    return snapshot_slice(arena, &b);
}

static void read_flags(struct snapshot *s, struct snapshot_environment *e, const json_t *list)
{
    struct snapshot_flag *flags = arena_zalloc(s->arena, json_array_size(list) * sizeof(*flags));
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        flags[i].key = snapshot_text(s->arena, row, "key");
        flags[i].rendered_default =
            snapshot_render_flag(s->arena, flags[i].key, json_object_get(row, "default"));
    }
    e->flags = flags;
    e->flag_count = json_array_size(list);
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
        .seed = bucket_seed_of(snapshot_text(s->arena, item, "seed")), .index = (unsigned)i};
    struct snapshot_campaign *campaigns =
        arena_zalloc(s->arena, json_array_size(list) * sizeof(*campaigns));
    for (int is_second = 0; is_second < 2; is_second++) {
        json_array_foreach(list, i, item)
        {
            if ((snapshot_campaign_kind(item) == CAMPAIGN_HOLDOUT) == (is_second == 1))
                continue;
            if (snapshot_read_campaign(s, e, &campaigns[at], item, fault))
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
    e->key = snapshot_text(s->arena, row, "key");
    e->currency = snapshot_text(s->arena, row, "currency");
    e->is_panic = json_is_true(json_object_get(row, "is_panic"));
    condition_names_init(&e->names, s->arena);
    read_origins(s, e, json_object_get(row, "origins"));
    read_flags(s, e, json_object_get(row, "flags"));
    if (read_campaigns(s, e, row, fault))
        return ERR_INVALID;
    e->page = snapshot_render_page(s, e, row);
    e->config = snapshot_render_config(s, e, row);
    return ERR_OK;
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
    s->rendered.text = arena_printf(arena, ",\"snapshot\":%lld,\"decisions\":", (long long)version);
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
