// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "base/json/json.h"

#include <string.h>

/* What all arms of a campaign touch on a page together: a control waits for the same things. */
struct touched {
    json_t *selectors, *shared, *flags;
    bool has_changes;
    bool is_anywhere; /* something needs no element */
};

/* What is put beside or into an element leaves it to other campaigns. */
static bool is_shared(const json_t *web_change)
{
    const char *type = json_string_value(json_object_get(web_change, "type"));
    return strcmp(type, "insert") == 0 || strcmp(type, "countdown") == 0 ||
           (strcmp(type, "html") == 0 && json_is_string(json_object_get(web_change, "position")));
}

static void add_once(json_t *list, json_t *selector)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), selector))
            return;
    json_array_append(list, selector);
}

static void touch_web_change(struct touched *t, const json_t *web_change)
{
    json_t *selector = json_object_get(web_change, "selector");
    t->has_changes = true;
    if (!json_is_string(selector)) {
        t->is_anywhere = true;
        return;
    }
    add_once(t->selectors, selector);
    if (is_shared(web_change))
        add_once(t->shared, selector);
}

static void touch_variants(struct touched *t, const struct snapshot *s, const json_t *variants)
{
    size_t i, j;
    json_t *variant, *web_change;
    json_array_foreach(variants, i, variant) {
        const json_t *flags = json_object_get(variant, "flags");
        json_array_foreach(json_object_get(variant, "changes"), j, web_change) {
            touch_web_change(t, web_change);
        }
        for (j = 0; j < s->flag_count; j++)
            if (json_object_get(flags, s->flags[j].key))
                json_object_set_new(t->flags, s->flags[j].key, json_true());
    }
}

/* "checkout":{"targets":["h1"],"flags":["cta"]} */
void snapshot_page_add(struct snapshot_reading *r, const json_t *row)
{
    struct buf *b = &r->page;
    const struct snapshot *s = r->snapshot;
    const json_t *phase = json_object_get(row, "phase");
    const json_t *only = json_array_get(json_object_get(phase, "experiences"), 0);
    auto_json json_t *selectors = json_array();
    auto_json json_t *shared = json_array();
    auto_json json_t *flags = json_object();
    struct touched t = {.selectors = selectors, .shared = shared, .flags = flags};
    touch_variants(&t, s, json_object_get(only, "variants"));
    buf_add_char(b, ',');
    json_add_string(b, json_string_value(json_object_get(row, "key")));
    buf_add_str(b, ":{\"flags\":[");
    for (size_t i = 0; i < s->flag_count; i++) {
        if (!json_object_get(flags, s->flags[i].key))
            continue;
        json_add_comma(b);
        json_add_string(b, s->flags[i].key);
    }
    buf_add_char(b, ']');
    if (t.is_anywhere)
        buf_add_str(b, ",\"targets\":[]");
    else if (t.has_changes) {
        buf_add_str(b, ",\"targets\":");
        json_add_value(b, selectors);
    }
    if (!t.is_anywhere && json_array_size(shared)) {
        buf_add_str(b, ",\"shared\":");
        json_add_value(b, shared);
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

struct buf_slice snapshot_page_end(struct snapshot_reading *r)
{
    auto_buf struct buf b = {0};
    add_asks(&b, &r->snapshot->names);
    buf_printf(&b, ",\"allows_html\":%s,\"tracking\":",
               json_is_true(json_object_get(r->document, "allows_html")) ? "true" : "false");
    json_add_value(&b, json_object_get(r->document, "tracking"));
    buf_add_str(&b, ",\"campaigns\":{");
    if (r->page.length) /* each came with a comma in front */
        buf_add(&b, r->page.data + 1, r->page.length - 1);
    buf_add_str(&b, "}}");
    return snapshot_slice(r->snapshot->arena, &b);
}
