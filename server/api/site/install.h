// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a site needs to begin, and how far it is: the edge's address, the public keys, and what has
 * arrived of its pages.
 */
#pragma once

#include "api/route/route.h"

extern const struct route install_routes[];
