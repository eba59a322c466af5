// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision_touch.h"

#include "base/json/json.h"
#include "base/mem.h"

#include <string.h>

const char *const collision_place_words[COLLISION_PLACES + 1] = {
    [COLLISION_REDIRECT] = "redirect",
    [COLLISION_BANNER_TOP] = "banner_top",
    [COLLISION_BANNER_BOTTOM] = "banner_bottom",
    [COLLISION_POPIN] = "popin",
};

/* Without blanks around it, and one where there are several. */
static const char *plain_selector(struct arena *arena, const char *selector)
{
    char *out = arena_strdup(arena, selector), *end = out;
    bool is_gap = false;
    for (const char *s = selector; *s; s++) {
        if (strchr(" \t\r\n\f", *s)) {
            is_gap = end > out;
            continue;
        }
        if (is_gap)
            *end++ = ' ';
        is_gap = false;
        *end++ = *s;
    }
    *end = '\0';
    return out;
}

static bool is_widget(const char *type)
{
    return strcmp(type, "banner") == 0 || strcmp(type, "popin") == 0 ||
           strcmp(type, "countdown") == 0;
}

static bool claims(const char *type, const json_t *change)
{
    return !is_widget(type) && strcmp(type, "insert") != 0 && strcmp(type, "script") != 0 &&
           !(strcmp(type, "html") == 0 && json_text_at(change, "position"));
}

static void take_change(struct arena *arena, struct collision_touch *touch, const json_t *change)
{
    const char *type = json_text_or(change, "type", "");
    const char *selector = json_text_at(change, "selector");
    bool is_bottom = strcmp(json_text_or(change, "place", "top"), "bottom") == 0;
    if (selector) {
        const char *plain = plain_selector(arena, selector);
        bool is_claimed =
            claims(type, change) || json_is_true(json_object_get(touch->selectors, plain));
        must(json_object_set_new(touch->selectors, plain, json_boolean(is_claimed)) == 0);
    } else if (strcmp(type, "redirect") == 0) {
        touch->places[COLLISION_REDIRECT] = true;
    } else if (strcmp(type, "popin") == 0) {
        touch->places[COLLISION_POPIN] = true;
    } else if (is_widget(type)) {
        touch->places[is_bottom ? COLLISION_BANNER_BOTTOM : COLLISION_BANNER_TOP] = true;
    }
}

struct collision_touch collision_touch_of(struct arena *arena, const json_t *campaign)
{
    struct collision_touch touch = {.flags = json_object(), .selectors = json_object()};
    const char *key;
    size_t i, j;
    json_t *variant, *change, *value;
    must(touch.flags && touch.selectors);
    json_array_foreach(json_object_get(campaign, "variants"), i, variant) {
        json_object_foreach(json_object_get(variant, "flags"), key, value)
            must(json_object_set_new(touch.flags, key, json_true()) == 0);
        json_array_foreach(json_object_get(variant, "changes"), j, change)
            take_change(arena, &touch, change);
    }
    return touch;
}

void collision_touch_done(struct collision_touch *touch)
{
    json_decref(touch->flags);
    json_decref(touch->selectors);
}

json_t *collision_touch_flags(const struct collision_touch *a, const struct collision_touch *b,
                              size_t most)
{
    json_t *out = json_array();
    const char *key;
    json_t *value;
    json_object_foreach(b->flags, key, value)
        if (json_array_size(out) < most && json_object_get(a->flags, key))
            must(json_array_append_new(out, json_string(key)) == 0);
    return out;
}

json_t *collision_touch_selectors(const struct collision_touch *a, const struct collision_touch *b,
                                  size_t most)
{
    json_t *out = json_array();
    const char *selector;
    json_t *is_claimed;
    json_object_foreach(b->selectors, selector, is_claimed) {
        const json_t *ours = json_object_get(a->selectors, selector);
        bool is_hit = ours && (json_is_true(ours) || json_is_true(is_claimed));
        if (json_array_size(out) < most && is_hit)
            must(json_array_append_new(out, json_string(selector)) == 0);
    }
    return out;
}

/* Whether it does something on the page at all. */
static bool has_any(const struct collision_touch *touch)
{
    bool is_any = json_object_size(touch->selectors) > 0;
    for (size_t i = 0; i < COLLISION_PLACES; i++)
        is_any = is_any || touch->places[i];
    return is_any;
}

json_t *collision_touch_places(const struct collision_touch *a, const struct collision_touch *b)
{
    json_t *out = json_array();
    for (size_t i = 0; i < COLLISION_PLACES; i++) {
        bool is_hit = i == COLLISION_REDIRECT
                          ? (a->places[i] && has_any(b)) || (b->places[i] && has_any(a))
                          : a->places[i] && b->places[i];
        if (is_hit)
            must(json_array_append_new(out, json_string(collision_place_words[i])) == 0);
    }
    return out;
}
