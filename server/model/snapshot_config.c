// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_private.h"

#include "base/json.h"

#include <string.h>

static void add_member(struct buf *b, const char *name, const json_t *value)
{
    json_add_key(b, name);
    if (value)
        json_add_value(b, value);
    else
        buf_add_str(b, "null");
}

static void add_text(struct buf *b, const char *name, const json_t *value)
{
    json_add_key(b, name);
    json_add_string(b, json_is_string(value) ? json_string_value(value) : "");
}

static uint32_t hash_of(const char *a, const char *b)
{
    auto_buf struct buf joined = {0};
    buf_add_str(&joined, a);
    buf_add_str(&joined, b);
    return bucket_fnv1a(joined.data ? joined.data : "", joined.length);
}

/* Who is forced is nobody's business: a visitor finds himself by his hashes. */
static void add_forced(struct buf *b, const json_t *row)
{
    const char *seed = json_string_value(json_object_get(json_object_get(row, "phase"), "seed"));
    const char *visitor_id;
    json_t *variant;
    json_add_key(b, "forced");
    buf_add_char(b, '{');
    json_object_foreach(json_object_get(row, "forced"), visitor_id, variant)
    {
        char name[17];
        snprintf(name, sizeof(name), "%08x%08x", hash_of(seed ? seed : "", visitor_id),
                 hash_of(visitor_id, seed ? seed : ""));
        add_member(b, name, variant);
    }
    buf_add_char(b, '}');
}

static void add_variant(struct buf *b, const struct snapshot_variant *v, const json_t *row)
{
    json_add_comma(b);
    buf_add_char(b, '{');
    json_add_key(b, "weight");
    json_add_number(b, json_number_value(json_object_get(row, "weight")));
    buf_add_char(b, ',');
    buf_add(b, v->rendered.text, v->rendered.length);
    buf_add_char(b, '}');
}

static void add_campaign(struct buf *b, const struct snapshot_campaign *c, const json_t *row)
{
    const json_t *phase = json_object_get(row, "phase");
    size_t i;
    json_t *variant;
    json_add_comma(b);
    buf_add_char(b, '{');
    add_text(b, "kind", json_object_get(row, "kind"));
    add_text(b, "seed", json_object_get(phase, "seed"));
    json_add_key(b, "coverage");
    json_add_number(b, c->coverage);
    add_member(b, "schedule", json_object_get(row, "schedule"));
    add_member(b, "audience", c->audience ? json_object_get(phase, "audience") : NULL);
    add_member(b, "layer", c->layer ? json_object_get(row, "layer") : NULL);
    add_forced(b, row);
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    json_array_foreach(json_object_get(phase, "variants"), i, variant)
    {
        add_variant(b, &c->variants[i], variant);
    }
    buf_add_str(b, "],");
    /* ,{"campaign":…,"phase":…, */
    buf_add(b, c->rendered.text + 2, c->rendered.length - 3);
    buf_add_char(b, '}');
}

/* In the order of the environment's campaigns, which were read off the same rows. */
static void add_campaigns(struct buf *b, const struct snapshot_environment *e, const json_t *list)
{
    const struct snapshot_campaign *c = e->campaigns;
    size_t i;
    json_t *row;
    json_add_key(b, "campaigns");
    buf_add_char(b, '[');
    for (int is_second = 0; is_second < 2; is_second++) {
        json_array_foreach(list, i, row)
        {
            if ((snapshot_campaign_kind(row) == CAMPAIGN_HOLDOUT) == (is_second == 1))
                continue;
            if (c->is_running)
                add_campaign(b, c, row);
            c++;
        }
    }
    buf_add_char(b, ']');
}

static void add_layers(struct buf *b, const json_t *list)
{
    json_add_key(b, "layers");
    buf_add_char(b, '{');
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        const char *key = json_string_value(json_object_get(row, "key"));
        if (key)
            add_text(b, key, json_object_get(row, "seed"));
    }
    buf_add_char(b, '}');
}

struct buf_slice snapshot_render_config(struct snapshot *s, const struct snapshot_environment *e,
                                        const json_t *row)
{
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"snapshot\":%lld,\"is_panic\":%s,\"flags\":{", (long long)s->version,
               e->is_panic ? "true" : "false");
    for (size_t i = 0; i < e->flag_count; i++)
        buf_add(&b, e->flags[i].rendered_default.text + (i == 0),
                e->flags[i].rendered_default.length - (i == 0));
    buf_add_char(&b, '}');
    add_layers(&b, json_object_get(row, "layers"));
    add_campaigns(&b, e, json_object_get(row, "campaigns"));
    buf_add(&b, e->page.text, e->page.length);
    buf_add_str(&b, "}\n");
    return snapshot_slice(s->arena, &b);
}
