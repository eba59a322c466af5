// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "base/mem.h"
#include "model/rate/rate_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct json_limits limits = {
    .bytes = 256u * 1024 * 1024, .depth = 40, .nodes = 20u * 1000 * 1000};

static const json_t *list_of(const struct snapshot_reading *r, const char *name)
{
    return json_object_get(r->document, name);
}

static enum err refuse_item(struct fault *fault, const char *list, size_t index, const char *why)
{
    char pointer[sizeof(fault->pointer)];
    snprintf(pointer, sizeof(pointer), "/%s/%zu", list, index);
    return fault_set(fault, ERR_INVALID, pointer, "%s", why);
}

/* The values that 'member' has in the items of a list. */
static enum err check_unique(const json_t *document, const char *list, const char *member,
                             struct fault *fault)
{
    auto_json json_t *seen = json_object();
    const json_t *items = json_object_get(document, list);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *value = json_object_get(json_array_get(items, i), member);
        char number[32];
        snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
        const char *text = json_is_string(value) ? json_string_value(value) : number;
        if (json_object_get(seen, text))
            return refuse_item(fault, list, i, "there is another one of its name");
        must(json_object_set_new(seen, text, json_true()) == 0);
    }
    return ERR_OK;
}

static enum err check_order(const json_t *document, struct fault *fault)
{
    const json_t *items = json_object_get(document, "campaigns");
    json_int_t last = INT64_MAX;
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_int_t priority =
            json_integer_value(json_object_get(json_array_get(items, i), "priority"));
        if (priority > last)
            return refuse_item(fault, "campaigns", i, "stands behind one of lower priority");
        last = priority;
    }
    return ERR_OK;
}

static enum err check_lists(const json_t *document, struct fault *fault)
{
    static const char *const unique[][2] = {
        {"keys", "sha256"},   {"flags", "key"},    {"layers", "key"},
        {"campaigns", "key"}, {"campaigns", "id"},
    };
    for (size_t i = 0; i < sizeof(unique) / sizeof(unique[0]); i++)
        if (check_unique(document, unique[i][0], unique[i][1], fault))
            return ERR_INVALID;
    return check_order(document, fault);
}

static void read_origins(struct snapshot_reading *r)
{
    struct snapshot *s = r->snapshot;
    const json_t *list = list_of(r, "origins");
    size_t count = json_array_size(list);
    const char **origins = arena_zalloc(s->arena, count * sizeof(*origins));
    for (size_t i = 0; i < count; i++)
        origins[i] = arena_strdup(s->arena, json_string_value(json_array_get(list, i)));
    s->origins = origins;
    s->origin_count = count;
}

static void read_rates(struct snapshot_reading *r)
{
    json_t *all = json_object_get(r->document, "rate_days"), *days;
    const char *currency;
    struct snapshot_rate *rates =
        arena_zalloc(r->snapshot->arena, json_object_size(all) * sizeof(*rates) + 1);
    json_object_foreach(all, currency, days) {
        struct snapshot_rate *rate = &rates[r->snapshot->rate_count++];
        snprintf(rate->currency, sizeof(rate->currency), "%s", currency);
        must(rate_read_day(json_string_value(json_array_get(days, 0)), &rate->first_day) &&
             rate_read_day(json_string_value(json_array_get(days, 1)), &rate->last_day));
    }
    r->snapshot->rates = rates;
}

static void read_flags(struct snapshot_reading *r)
{
    struct snapshot *s = r->snapshot;
    const json_t *list = list_of(r, "flags");
    size_t count = json_array_size(list);
    struct snapshot_flag *flags = arena_zalloc(s->arena, count * sizeof(*flags));
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(list, i);
        flags[i].key = snapshot_member(s->arena, row, "key");
        flags[i].rendered_default =
            snapshot_render_flag(s->arena, flags[i].key, json_object_get(row, "default"));
    }
    s->flags = flags;
    s->flag_count = count;
}

static void read_layers(struct snapshot_reading *r)
{
    struct snapshot *s = r->snapshot;
    const json_t *list = list_of(r, "layers");
    s->layer_count = json_array_size(list);
    r->layers = arena_zalloc(s->arena, s->layer_count * sizeof(*r->layers));
    for (size_t i = 0; i < s->layer_count; i++) {
        const json_t *row = json_array_get(list, i);
        r->layers[i] = (struct snapshot_layer){
            .key = snapshot_member(s->arena, row, "key"),
            .seed = bucket_seed_of(json_string_value(json_object_get(row, "seed"))),
            .index = (unsigned)i};
    }
}

static void gather_running(struct snapshot *s, struct snapshot_campaign *campaigns)
{
    const struct snapshot_campaign **running =
        arena_zalloc(s->arena, s->campaign_count * sizeof(const struct snapshot_campaign *));
    struct bucket_seed *seeds = arena_zalloc(s->arena, s->campaign_count * sizeof(*seeds));
    for (size_t i = 0; i < s->campaign_count; i++) {
        if (!campaigns[i].is_running)
            continue;
        campaigns[i].running_index = s->running_count;
        running[s->running_count] = &campaigns[i];
        seeds[s->running_count++] = campaigns[i].seed;
    }
    s->running = running;
    s->seeds = seeds;
}

static bool can_hold_out(const json_t *row)
{
    return campaign_rules[campaign_kind_of(row)].can_hold_out;
}

/* Those that hold visitors out, or the others, in the document's order. */
static enum err read_some(struct snapshot_reading *r, struct snapshot_campaign *campaigns,
                          bool of_holdouts, struct fault *fault)
{
    const json_t *list = list_of(r, "campaigns");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        if (can_hold_out(row) != of_holdouts)
            continue;
        struct snapshot_campaign *c = &campaigns[r->snapshot->campaign_count++];
        if (snapshot_read_campaign(r, c, row, fault)) {
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/campaigns");
            return ERR_INVALID;
        }
        if (!c->is_running)
            continue;
        snapshot_config_add(r, c, row);
        snapshot_page_add(r, row);
    }
    return ERR_OK;
}

static enum err read_campaigns(struct snapshot_reading *r, struct fault *fault)
{
    struct snapshot *s = r->snapshot;
    size_t count = json_array_size(list_of(r, "campaigns"));
    struct snapshot_campaign *campaigns = arena_zalloc(s->arena, count * sizeof(*campaigns));
    if (read_some(r, campaigns, true, fault))
        return ERR_INVALID;
    s->holdout_count = s->campaign_count;
    if (read_some(r, campaigns, false, fault))
        return ERR_INVALID;
    s->campaigns = campaigns;
    gather_running(s, campaigns);
    return ERR_OK;
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(((struct snapshot_key *)0)->sha256));
}

static bool has_scope(const json_t *row, const char *name)
{
    const json_t *scopes = json_object_get(row, "scopes");
    for (size_t i = 0; i < json_array_size(scopes); i++)
        if (strcmp(json_string_value(json_array_get(scopes, i)), name) == 0)
            return true;
    return false;
}

static struct snapshot_key key_of(struct snapshot *s, const json_t *row)
{
    struct snapshot_key key = {.id = (int)json_integer_value(json_object_get(row, "id")),
                               .has_backfill = has_scope(row, "backfill"),
                               .snapshot = s};
    const char *hex = json_string_value(json_object_get(row, "sha256"));
    must(text_unhex(hex, 2 * sizeof(key.sha256), key.sha256));
    must(role_parse(json_string_value(json_object_get(row, "role")), &key.role));
    key.can_send = key.role == ROLE_CLIENT || key.has_backfill || has_scope(row, "events");
    return key;
}

static void read_keys(struct snapshot_reading *r)
{
    struct snapshot *s = r->snapshot;
    const json_t *list = list_of(r, "keys");
    size_t count = json_array_size(list);
    struct snapshot_key *keys = arena_zalloc(s->arena, count * sizeof(*keys));
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of(s, json_array_get(list, i));
    qsort(keys, count, sizeof(*keys), compare_keys);
    s->keys = keys;
    s->key_count = count;
}

static void read_preview_secret(struct snapshot *s, const json_t *hex)
{
    s->has_preview_secret = json_is_string(hex);
    must(!s->has_preview_secret ||
         text_unhex(json_string_value(hex), json_string_length(hex), s->preview_secret));
}

static enum err read_all(struct snapshot_reading *r, struct fault *fault)
{
    struct snapshot *s = r->snapshot;
    s->environment_id = (int)json_integer_value(json_object_get(r->document, "id"));
    s->environment_key = snapshot_member(s->arena, r->document, "key");
    s->currency = snapshot_member(s->arena, r->document, "currency");
    s->is_panic = json_is_true(json_object_get(r->document, "is_panic"));
    read_preview_secret(s, json_object_get(r->document, "preview_secret"));
    condition_names_init(&s->names, s->arena);
    junk_ids_read(&s->junk_ids, s->arena, list_of(r, "junk_ids"));
    read_rates(r);
    read_origins(r);
    read_keys(r);
    read_flags(r);
    read_layers(r);
    if (read_campaigns(r, fault))
        return ERR_INVALID;
    s->page = snapshot_page_end(r);
    s->config = snapshot_config_end(r);
    return ERR_OK;
}

static struct snapshot *snapshot_new(int64_t version)
{
    struct arena *arena = arena_new(64 * 1024);
    struct snapshot *s = arena_zalloc(arena, sizeof(*s));
    s->arena = arena;
    s->references = 1;
    s->version = version;
    s->rendered.text = arena_printf(arena, ",\"snapshot\":%lld,\"decisions\":", (long long)version);
    s->rendered.length = strlen(s->rendered.text);
    return s;
}

struct snapshot *snapshot_compile(int64_t version, char *text, size_t length,
                                  struct fault *ret_fault)
{
    json_t *read = NULL;
    auto_json json_t *raw = json_parse(text, length, &limits, NULL, ret_fault);
    if (!raw || field_read(snapshot_fields, raw, &read, ret_fault))
        return NULL;
    auto_json json_t *document = read;
    if (check_lists(document, ret_fault))
        return NULL;
    struct snapshot_reading r = {.snapshot = snapshot_new(version), .document = document};
    enum err e = read_all(&r, ret_fault);
    buf_done(&r.config);
    buf_done(&r.page);
    if (!e)
        return r.snapshot;
    snapshot_unref(r.snapshot);
    return NULL;
}

struct snapshot *snapshot_ref(struct snapshot *s)
{
    s->references++;
    return s;
}

void snapshot_unref(struct snapshot *s)
{
    if (s && --s->references == 0)
        arena_free(s->arena);
}
