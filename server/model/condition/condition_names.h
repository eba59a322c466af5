// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The attributes that conditions ask about, each with a slot: a request finds the slot of each of
 * its own attributes once, and no condition looks for a name. Grows while conditions are compiled,
 * then only answers.
 */
#pragma once

#include "base/arena.h"
#include "model/condition/condition_value.h"

struct condition_name {
    struct condition_step step; /* no key: this row of the table is free */
    size_t length;
    unsigned slot;
};

struct condition_names {
    struct arena *arena;
    struct condition_name *table;
    size_t table_size; /* a power of two, at least twice the count */
    size_t count;
};

void condition_names_init(struct condition_names *n, struct arena *arena);
/* The slot of a name, a new one where there is none yet. The key is borrowed. */
unsigned condition_names_add(struct condition_names *n, const struct condition_step *step);
/* Returns the name's slot, or -1 when it has none. */
int condition_names_find(const struct condition_names *n, const char *text, size_t length);
/* What an object (or an array, asked by index) holds for each name: 'ret_values' has room for
 * n->count; null where it holds nothing. The values borrow from 'attributes'. */
void condition_names_read(const struct condition_names *n, const json_t *attributes,
                          struct condition_value *ret_values);
