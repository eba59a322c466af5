// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_private.h"

#include "base/json.h"

#include <string.h>

/* What all arms of a campaign touch on a page together: a control waits for the same things. */
struct touched {
    json_t *selectors, *flags;
    bool has_changes;
    bool is_anywhere; /* something needs no element */
};

static void touch_change(struct touched *t, const json_t *change)
{
    json_t *selector = json_object_get(change, "selector");
    t->has_changes = true;
    if (!json_is_string(selector)) {
        t->is_anywhere = true;
        return;
    }
    for (size_t i = 0; i < json_array_size(t->selectors); i++)
        if (json_equal(json_array_get(t->selectors, i), selector))
            return;
    json_array_append(t->selectors, selector);
}

static void touch_variants(struct touched *t, const struct snapshot_environment *e,
                           const json_t *variants)
{
    size_t i, j;
    json_t *variant, *change;
    json_array_foreach(variants, i, variant)
    {
        const json_t *flags = json_object_get(variant, "flags");
        json_array_foreach(json_object_get(variant, "changes"), j, change)
        {
            touch_change(t, change);
        }
        for (j = 0; j < e->flag_count; j++)
            if (json_object_get(flags, e->flags[j].key))
                json_object_set_new(t->flags, e->flags[j].key, json_true());
    }
}

/* "checkout":{"targets":["h1"],"flags":["cta"]} */
static void add_campaign(struct buf *b, const struct snapshot_environment *e, const json_t *row)
{
    auto_json json_t *selectors = json_array();
    auto_json json_t *flags = json_object();
    struct touched t = {.selectors = selectors, .flags = flags};
    touch_variants(&t, e, json_object_get(json_object_get(row, "phase"), "variants"));
    json_add_key(b, json_string_value(json_object_get(row, "key")));
    buf_add_str(b, "{\"flags\":[");
    for (size_t i = 0; i < e->flag_count; i++) {
        if (!json_object_get(flags, e->flags[i].key))
            continue;
        json_add_comma(b);
        json_add_string(b, e->flags[i].key);
    }
    buf_add_char(b, ']');
    if (t.is_anywhere)
        buf_add_str(b, ",\"targets\":[]");
    else if (t.has_changes) {
        buf_add_str(b, ",\"targets\":");
        json_add_value(b, selectors);
    }
    buf_add_char(b, '}');
}

static void add_asks(struct buf *b, const struct condition_names *names)
{
    buf_add_str(b, ",\"page\":{\"asks\":[");
    for (size_t i = 0; i < names->table_size; i++) {
        if (!names->table[i].step.key)
            continue;
        json_add_comma(b);
        json_add_string_n(b, names->table[i].step.key, names->table[i].length);
    }
    buf_add_char(b, ']');
}

struct buf_slice snapshot_render_page(struct snapshot *s, const struct snapshot_environment *e,
                                      const json_t *row)
{
    auto_buf struct buf b = {0}, campaigns = {0};
    const json_t *list = json_object_get(row, "campaigns");
    const json_t *tracking = json_object_get(row, "tracking");
    size_t i;
    json_t *item;
    add_asks(&b, &e->names);
    buf_printf(&b, ",\"allows_html\":%s,\"tracking\":",
               json_is_true(json_object_get(row, "allows_html")) ? "true" : "false");
    if (json_is_array(tracking))
        json_add_value(&b, tracking);
    else
        buf_add_str(&b, "[]");
    json_array_foreach(list, i, item)
    {
        const char *status = json_string_value(json_object_get(item, "status"));
        if (status && strcmp(status, "running") == 0 &&
            json_is_string(json_object_get(item, "key")))
            add_campaign(&campaigns, e, item);
    }
    buf_add_str(&b, ",\"campaigns\":{");
    buf_add(&b, campaigns.data ? campaigns.data : "", campaigns.length);
    buf_add_str(&b, "}}");
    return snapshot_slice(s->arena, &b);
}
