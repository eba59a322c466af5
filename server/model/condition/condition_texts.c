// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/condition_texts.h"

#include <stdint.h>

#define FIRST_SIZE 8

struct condition_joined {
    const json_t *tree; /* NULL: this row of the table is free */
    const char *text;
    size_t length;
};

/* Where the array stands, or the free row where it belongs. */
static struct condition_joined *look_up(const struct condition_texts *t, const json_t *tree)
{
    size_t at = (size_t)((uint64_t)(uintptr_t)tree * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    while (at &= t->table_size - 1, t->table[at].tree && t->table[at].tree != tree)
        at++;
    return &t->table[at];
}

static void make_table(struct condition_texts *t, size_t size)
{
    struct condition_texts old = *t;
    t->table_size = size;
    t->table = arena_zalloc(t->arena, size * sizeof(*t->table));
    for (size_t i = 0; i < old.table_size; i++)
        if (old.table[i].tree)
            *look_up(t, old.table[i].tree) = old.table[i];
}

static struct condition_joined join(struct condition_texts *t, const struct condition_value *array)
{
    auto_condition_text struct condition_text text;
    condition_text_of(array, &text);
    return (struct condition_joined){array->tree, arena_strndup(t->arena, text.s, text.length),
                                     text.length};
}

const char *condition_texts_find(struct condition_texts *t, const struct condition_value *array,
                                 size_t *ret_length)
{
    if (!t->arena) {
        t->arena = arena_new(0);
        t->is_own = true;
    }
    if (t->count * 2 >= t->table_size)
        make_table(t, t->table_size ? t->table_size * 2 : FIRST_SIZE);
    struct condition_joined *row = look_up(t, array->tree);
    if (!row->tree) {
        *row = join(t, array);
        t->count++;
    }
    *ret_length = row->length;
    return row->text;
}

void condition_texts_done(struct condition_texts *t)
{
    if (t->is_own)
        arena_free(t->arena);
}
