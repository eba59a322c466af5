// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The values that stand inside a condition, kept in its arena. Part of condition_compile.
 */
#pragma once

#include "model/condition/condition_node.h"

/* Copies any JSON value, counting its parts. */
enum err condition_literal_read(struct condition_compiler *c, const json_t *value,
                                const struct condition_literal **ret) must_use;
/* The value with its string, if it is one, copied; arrays and objects lose their tree. */
struct condition_value condition_literal_keep(struct condition_compiler *c,
                                              const struct condition_value *v);
/* Keeps the same, with the string in lower case. */
struct condition_value condition_literal_lower(struct condition_compiler *c,
                                               const struct condition_value *v);
/* What JavaScript compares: arrays and objects as their text. */
struct condition_value condition_literal_primitive(struct condition_compiler *c,
                                                   const json_t *value);
/* The values of an array, for condition_list_has. */
enum err condition_literal_list(struct condition_compiler *c, const json_t *array,
                                bool is_insensitive, struct condition_list *ret) must_use;

/* Compares as the two texts of JSON.stringify would. */
bool condition_literal_equals(const struct condition_literal *literal,
                              const struct condition_value *v);
/* Whether the list holds the value, strictly: arrays and objects equal nothing. */
bool condition_list_has(const struct condition_list *list, const struct condition_value *v);
/* Answers the same for a list of lower-case strings. */
bool condition_list_has_lower(const struct condition_list *list, const struct condition_value *v);
/* What `a === b` is in JavaScript. */
bool condition_value_same(const struct condition_value *a, const struct condition_value *b);
