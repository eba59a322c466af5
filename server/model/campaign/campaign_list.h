// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lists of a campaign's document whose items have keys: variants, metrics.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

/* Says of a field of an item why it is wrong: ERR_INVALID. */
enum err campaign_list_refuse(struct fault *ret_fault, const char *list, size_t index,
                              const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Returns the index of the item with this key before 'end', or 'end'. */
size_t campaign_list_index(const json_t *items, const char *key, size_t end);

/* ERR_INVALID when two items have one key. 'list' is the member's name. */
enum err campaign_list_check(const json_t *items, const char *list,
                             struct fault *ret_fault) must_use;
