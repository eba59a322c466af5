// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk shows to a browser and to a watchdog: the shell of the UI, which asks the API for
 * all it shows, its scripts and styles, whose names hold a hash of their content, and /livez.
 */
#pragma once

#include "api/route/route.h"

extern const struct route page_routes[];
