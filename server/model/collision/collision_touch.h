// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a campaign touches, all its variants together: flags, elements by their selector, and places
 * of a page of which there is one. What stands beside or in an element leaves it to others, as in
 * the browser SDK; two different selectors may find one element, which only the page knows. Pure.
 */
#pragma once

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>

enum collision_place {
    COLLISION_REDIRECT,
    COLLISION_BANNER_TOP,
    COLLISION_BANNER_BOTTOM,
    COLLISION_POPIN,
    COLLISION_PLACES
};
extern const char *const collision_place_words[COLLISION_PLACES + 1];

struct collision_touch {
    json_t *flags;     /* {key: true} */
    json_t *selectors; /* {selector: true when it claims the element, false when it shares it} */
    bool places[COLLISION_PLACES];
};

/* Of a campaign with "variants", each with "flags" and "changes". collision_touch_done ends it. */
struct collision_touch collision_touch_of(struct arena *arena, const json_t *campaign);
void collision_touch_done(struct collision_touch *touch);

/* New references to lists of what both touch, 'most' at most. */
json_t *collision_touch_flags(const struct collision_touch *a, const struct collision_touch *b,
                              size_t most);
json_t *collision_touch_selectors(const struct collision_touch *a, const struct collision_touch *b,
                                  size_t most);
json_t *collision_touch_places(const struct collision_touch *a, const struct collision_touch *b);
