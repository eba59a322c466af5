// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_names.h"

#include <string.h>

#define FIRST_SIZE 16

/* Names are few and short: their ends and their length tell them apart well enough. */
static size_t hash_of(const struct condition_names *n, const char *text, size_t length)
{
    size_t hash = length;
    if (length > 0)
        hash += (size_t)(unsigned char)text[0] * 31 + (size_t)(unsigned char)text[length - 1] * 7 +
                (size_t)(unsigned char)text[length / 2] * 131;
    return hash & (n->table_size - 1);
}

/* Where the name stands, or the free row where it belongs. */
static struct condition_name *look_up(const struct condition_names *n, const char *text,
                                      size_t length)
{
    size_t at = hash_of(n, text, length);
    for (struct condition_name *name; (name = &n->table[at])->step.key;
         at = (at + 1) & (n->table_size - 1))
        if (name->length == length && memcmp(name->step.key, text, length) == 0)
            return name;
    return &n->table[at];
}

static void make_table(struct condition_names *n, size_t size)
{
    struct condition_names old = *n;
    n->table_size = size;
    n->table = arena_zalloc(n->arena, size * sizeof(*n->table));
    for (size_t i = 0; i < old.table_size; i++)
        if (old.table[i].step.key)
            *look_up(n, old.table[i].step.key, old.table[i].length) = old.table[i];
}

void condition_names_init(struct condition_names *n, struct arena *arena)
{
    *n = (struct condition_names){.arena = arena};
    make_table(n, FIRST_SIZE);
}

unsigned condition_names_add(struct condition_names *n, const struct condition_step *step)
{
    size_t length = strlen(step->key);
    struct condition_name *name = look_up(n, step->key, length);
    if (name->step.key)
        return name->slot;
    unsigned slot = (unsigned)n->count++;
    *name = (struct condition_name){*step, length, slot};
    if (n->count * 2 > n->table_size)
        make_table(n, n->table_size * 2);
    return slot;
}

int condition_names_find(const struct condition_names *n, const char *text, size_t length)
{
    const struct condition_name *name = look_up(n, text, length);
    return name->step.key ? (int)name->slot : -1;
}

void condition_names_read(const struct condition_names *n, const json_t *attributes,
                          struct condition_value *ret_values)
{
    struct condition_value all = condition_value_of(attributes);
    for (size_t i = 0; i < n->table_size; i++)
        if (n->table[i].step.key)
            ret_values[n->table[i].slot] = condition_value_at(&all, &n->table[i].step);
}
