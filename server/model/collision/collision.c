// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision.h"

#include "base/arena.h"
#include "base/mem.h"
#include "model/admin/layer.h"
#include "model/collision/collision_audience.h"
#include "model/collision/collision_page.h"
#include "model/collision/collision_touch.h"

#include <string.h>

#define SAID_MAX 20 /* names of a kind in one collision */

static const struct field flag_name = {.kind = FIELD_KEY};
static const struct field selector = {.kind = FIELD_TEXT};
static const struct field place = {.kind = FIELD_WORD, .words = collision_place_words};

static const struct field offer_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "of the other's layer"},
    {.name = "free",
     .kind = FIELD_NUMBER,
     .marks = FIELD_REQUIRED,
     .meaning = "share of its visitors that nobody has: what this campaign can get there"},
    {0},
};

static const struct field collision_fields[] = {
    {.name = "campaign", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "key of the other"},
    {.name = "name", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .meaning = "of the other"},
    {.name = "status", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .meaning = "running or paused"},
    {.name = "flags",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &flag_name,
     .meaning = "that both set"},
    {.name = "selectors",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &selector,
     .meaning = "of elements that both change"},
    {.name = "places",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &place,
     .meaning = "that both fill; redirect: one of them leads away from what the other changes"},
    {.name = "is_over",
     .kind = FIELD_BOOL,
     .marks = FIELD_REQUIRED,
     .meaning = "the other comes first: visitors of both see what it sets"},
    {.name = "layer",
     .kind = FIELD_OBJECT,
     .of = offer_fields,
     .meaning = "that this campaign could take part in, so that they share nobody; null: the other "
                "has none, and gets none while it runs"},
    {0},
};

const struct field collision_field = {.kind = FIELD_OBJECT, .of = collision_fields};

/* The higher priority, then the key: as edges sort them. */
static bool is_over(const json_t *rival, const json_t *document)
{
    double theirs = json_number_value(json_object_get(rival, "priority"));
    double ours = json_number_value(json_object_get(document, "priority"));
    return theirs != ours
               ? theirs > ours
               : strcmp(json_text_or(rival, "key", ""), json_text_or(document, "key", "")) < 0;
}

static const char *layer_of(const json_t *campaign)
{
    return json_text_at(json_object_get(campaign, "layer"), "key");
}

static bool is_same_layer(const json_t *a, const json_t *b)
{
    const char *left = layer_of(a), *right = layer_of(b);
    return left && right && strcmp(left, right) == 0;
}

/* RFC 3339 in UTC, so texts are in the order of their moments. */
static bool ends_before(const json_t *a, const json_t *b)
{
    const char *end = json_text_at(json_object_get(a, "schedule"), "end");
    const char *start = json_text_at(json_object_get(b, "schedule"), "start");
    return end && start && strcmp(end, start) <= 0;
}

static json_t *layer_offer(const json_t *rival, const json_t *context)
{
    const char *key = layer_of(rival);
    const json_t *free = key ? json_object_get(json_object_get(context, "layers"), key) : NULL;
    if (!free)
        return json_null();
    return json_pack("{s:s, s:f}", "key", key, "free",
                     (double)json_integer_value(free) / LAYER_BUCKETS);
}

/* What both touch: {"flags", "selectors", "places"}; NULL: nothing. */
static json_t *shared_of(const struct collision_touch *ours, const json_t *document,
                         const json_t *rival, struct collision_work *work)
{
    auto_arena struct arena *arena = arena_new(0);
    struct collision_touch theirs = collision_touch_of(arena, rival);
    json_t *flags = collision_touch_flags(ours, &theirs, SAID_MAX);
    json_t *selectors = collision_touch_selectors(ours, &theirs, SAID_MAX);
    json_t *places = collision_touch_places(ours, &theirs);
    bool is_on_page = json_array_size(selectors) + json_array_size(places) > 0;
    collision_touch_done(&theirs);
    if (is_on_page && !collision_page_meets(json_object_get(document, "triggers"),
                                            json_object_get(rival, "triggers"), work)) {
        must(json_array_clear(selectors) == 0 && json_array_clear(places) == 0);
    }
    json_t *out =
        json_pack("{s:o, s:o, s:o}", "flags", flags, "selectors", selectors, "places", places);
    must(out);
    if (json_array_size(flags) + json_array_size(selectors) + json_array_size(places) > 0)
        return out;
    json_decref(out);
    return NULL;
}

static void add(json_t *list, json_t *shared, const json_t *document, const json_t *rival,
                const json_t *context)
{
    auto_json json_t *head =
        json_pack("{s:O, s:O, s:O, s:b, s:o}", "campaign", json_object_get(rival, "key"), "name",
                  json_object_get(rival, "name"), "status", json_object_get(rival, "status"),
                  "is_over", is_over(rival, document), "layer", layer_offer(rival, context));
    must(head && json_object_update(shared, head) == 0);
    must(json_array_append_new(list, shared) == 0);
}

json_t *collision_list(const json_t *document, const json_t *context)
{
    auto_arena struct arena *arena = arena_new(0);
    struct collision_work work = {COLLISION_STEPS};
    struct collision_touch ours = collision_touch_of(arena, document);
    json_t *out = json_array();
    size_t i;
    json_t *rival;
    must(out);
    json_array_foreach(json_object_get(context, "rivals"), i, rival) {
        if (is_same_layer(document, rival) || ends_before(document, rival) ||
            ends_before(rival, document))
            continue;
        json_t *shared = shared_of(&ours, document, rival, &work);
        if (!shared)
            continue;
        if (collision_audience_meets(json_object_get(document, "audience"),
                                     json_object_get(rival, "audience"), &work))
            add(out, shared, document, rival, context);
        else
            json_decref(shared);
    }
    collision_touch_done(&ours);
    return out;
}
