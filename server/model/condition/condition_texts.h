// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The texts of a question's arrays, each made once: every pattern of every campaign may ask for the
 * same one, and making it costs more than searching it. Lives as long as the question.
 */
#pragma once

#include "base/arena.h"
#include "model/condition/condition_value.h"

struct condition_joined;

/* Zeroed but for the arena; without an arena it makes its own, which condition_texts_done frees. */
struct condition_texts {
    struct arena *arena;
    bool is_own;
    struct condition_joined *table; /* by the array's address */
    size_t table_size;              /* a power of two, at least twice the count; or 0 */
    size_t count;
};

/* Returns the text of an array as condition_text_of makes it, which lives in the arena. */
const char *condition_texts_find(struct condition_texts *t, const struct condition_value *array,
                                 size_t *ret_length);
void condition_texts_done(struct condition_texts *t);
