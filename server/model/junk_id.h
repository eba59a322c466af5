// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Ids that are nobody's: what a program writes where it has no id ("undefined", "null", zeros).
 * Everybody who is called so would be one visitor, in one arm, with everybody's events. The list is
 * the environment's, for people to see and change; JUNK_ID_DEFAULTS is what it begins with. Pure.
 */
#pragma once

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JUNK_ID_LIST_MAX 200

/* As JSON. Compared without case, and without spaces and quotation marks around. */
#define JUNK_ID_DEFAULTS                                                                           \
    "[\"null\",\"undefined\",\"NaN\",\"none\",\"nil\",\"false\",\"true\",\"0\",\"-1\","            \
    "\"anonymous\",\"unknown\",\"guest\",\"n/a\",\"not set\",\"(not set)\",\"(none)\","            \
    "\"visitor_id\",\"user_id\",\"[object Object]\","                                              \
    "\"00000000-0000-0000-0000-000000000000\",\"ffffffff-ffff-ffff-ffff-ffffffffffff\"]"

struct junk_ids {
    const char *const *ids; /* folded, sorted */
    size_t count;
    uint64_t lengths[256]; /* what may be on the list: by an id's first byte, length_bit */
};

/* 'list' is an array of texts; when it is none, the defaults hold. texts live in 'arena'. */
void junk_ids_read(struct junk_ids *ret, struct arena *arena, const json_t *list);

/* Is it on the list, or nothing but zeros and hyphens, or a placeholder that nobody filled in
 * ("{{…}}", "${…}")? 'id' is one by text_is_id. */
bool junk_ids_hold(const struct junk_ids *j, const char *id);
