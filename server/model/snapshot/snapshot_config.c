// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "base/json/json.h"

#include <string.h>

/* Null and absent are the same to who reads it. */
static void add_member(struct buf *b, const char *name, const json_t *value)
{
    if (!value || json_is_null(value))
        return;
    json_add_key(b, name);
    json_add_value(b, value);
}

static const json_t *experience_of(const json_t *row)
{
    const json_t *phase = json_object_get(row, "phase");
    return json_array_get(json_object_get(phase, "experiences"), 0);
}

static uint32_t hash_of(const char *a, const char *b)
{
    auto_buf struct buf joined = {0};
    buf_add_str(&joined, a);
    buf_add_str(&joined, b);
    return bucket_fnv1a(joined.data ? joined.data : "", joined.length);
}

/* Who is forced is nobody's business: a visitor finds itself by its hashes. */
static void add_forced(struct buf *b, const json_t *row)
{
    const char *seed = json_string_value(json_object_get(json_object_get(row, "phase"), "seed"));
    const char *visitor_id;
    json_t *variant;
    json_add_key(b, "forced");
    buf_add_char(b, '{');
    json_object_foreach(json_object_get(row, "forced"), visitor_id, variant) {
        char name[17];
        snprintf(name, sizeof(name), "%08x%08x", hash_of(seed, visitor_id),
                 hash_of(visitor_id, seed));
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
    snapshot_text_add(b, &v->rendered, NULL);
    buf_add_char(b, '}');
}

static void add_variants(struct buf *b, const struct snapshot_campaign *c, const json_t *list)
{
    json_add_key(b, "variants");
    buf_add_char(b, '[');
    for (size_t i = 0; i < c->variant_count; i++)
        add_variant(b, &c->variants[i], json_array_get(list, i));
    buf_add_str(b, "],");
}

void snapshot_config_add(struct snapshot_reading *r, const struct snapshot_campaign *c,
                         const json_t *row)
{
    struct buf *b = &r->config;
    const json_t *experience = experience_of(row);
    if (b->length)
        buf_add_char(b, ',');
    buf_add_char(b, '{');
    add_member(b, "kind", json_object_get(row, "kind"));
    add_member(b, "seed", json_object_get(json_object_get(row, "phase"), "seed"));
    json_add_key(b, "coverage");
    json_add_number(b, c->coverage);
    add_member(b, "schedule", json_object_get(row, "schedule"));
    add_member(b, "audience", c->audience ? json_object_get(experience, "audience") : NULL);
    add_member(b, "layer", json_object_get(row, "layer"));
    add_forced(b, row);
    add_variants(b, c, json_object_get(experience, "variants"));
    /* ,{"campaign":…,"phase":…, */
    buf_add(b, c->rendered.text + 2, c->rendered.length - 3);
    buf_add_char(b, '}');
}

static void add_layers(struct buf *b, const json_t *list)
{
    json_add_key(b, "layers");
    buf_add_char(b, '{');
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        add_member(b, json_string_value(json_object_get(row, "key")), json_object_get(row, "seed"));
    }
    buf_add_char(b, '}');
}

static void add_flags(struct buf *b, const struct snapshot *s)
{
    size_t begin = b->length;
    for (size_t i = 0; i < s->flag_count; i++)
        snapshot_text_add(b, &s->flags[i].rendered_default, NULL);
    if (b->length == begin)
        buf_add_char(b, '{');
    else
        b->data[begin] = '{';
    buf_add_char(b, '}');
}

static void add_junk_ids(struct buf *b, const struct junk_ids *junk_ids)
{
    json_add_key(b, "junk_ids");
    buf_add_char(b, '[');
    for (size_t i = 0; i < junk_ids->count; i++) {
        json_add_comma(b);
        json_add_string(b, junk_ids->ids[i]);
    }
    buf_add_char(b, ']');
}

struct buf_slice snapshot_config_end(struct snapshot_reading *r)
{
    const struct snapshot *s = r->snapshot;
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"snapshot\":%lld,\"is_panic\":%s,\"flags\":", (long long)s->version,
               s->is_panic ? "true" : "false");
    add_flags(&b, s);
    add_layers(&b, json_object_get(r->document, "layers"));
    add_junk_ids(&b, &s->junk_ids);
    buf_add_str(&b, ",\"campaigns\":[");
    buf_add(&b, r->config.data, r->config.length);
    buf_add_char(&b, ']');
    buf_add(&b, s->page.text, s->page.length);
    buf_add_str(&b, "}\n");
    return snapshot_slice(s->arena, &b);
}
