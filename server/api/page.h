// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk shows to a browser and to a watchdog.
 */
#pragma once

#include "io/route.h"

/* GET / and the paths below /app: the shell of the UI, which asks the API for all it shows. */
route_fn page_home;
/* GET /assets/{file}: a script or style of the UI; its name holds a hash of its content. */
route_fn page_asset;
/* GET /livez: the process answers. */
route_fn page_livez;
