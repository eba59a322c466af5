// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE route table of the desk: method, path, who may, largest body, handler, meaning. Handlers get
 * a struct desk_request as 'arg'. Everything but ROLE_NONE is checked before the handler runs.
 */
#pragma once

#include "io/route.h"

#include <stddef.h>

extern const struct route desk_routes[];
extern const size_t desk_route_count;
