// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The parts of a mapping that stand in several places of its document: cells, times, events.
 */
#pragma once

#include "tools/import/mapping/mapping.h"

/* A NULL object leaves 'to' unset. */
enum err mapping_read_cell(const json_t *object, const char *pointer, struct mapping_cell *to,
                           struct fault *ret_fault) must_use;
enum err mapping_read_time(const json_t *object, const char *pointer, struct mapping_time *to,
                           struct fault *ret_fault) must_use;
enum err mapping_read_events(const json_t *array, struct mapping *m,
                             struct fault *ret_fault) must_use;

/* Adds a variant whose key is 'wanted' or, where that is no key, made of it. 'text' and 'wanted'
 * live as long as the mapping. */
enum err mapping_add_variant(struct mapping *m, const char *text, const char *wanted,
                             struct fault *ret_fault) must_use;
