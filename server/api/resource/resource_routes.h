// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The routes of a resource, made of its row when the desk starts.
 */
#pragma once

#include "api/resource/resource.h"

/* How many routes the resource has. */
size_t resource_count_routes(const struct resource *resource);
/* Fills so many rows; what they point to stays in the arena. Ends the process when the program has
 * no statement of a name that the resource's row asks for. */
void resource_make_routes(const struct resource *resource, struct arena *arena, struct route *rows);
