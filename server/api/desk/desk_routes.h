// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE route table of the desk: the rows of each file that answers, and those of the resources.
 * Handlers get a struct desk_request as 'arg'. Everything but ROLE_NONE is checked before the
 * handler runs.
 */
#pragma once

#include "api/route/route.h"
#include "base/arena.h"

/* The table lives as long as the arena. */
struct route_table desk_routes_make(struct arena *arena);
