// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The part of a mapping that says which columns of a file of totals are what.
 */
#pragma once

#include "tools/import/mapping/mapping.h"

/* The metrics are known already. */
enum err mapping_read_totals(const json_t *object, struct mapping *m,
                             struct fault *ret_fault) must_use;
