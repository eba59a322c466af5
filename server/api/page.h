// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk shows to a browser and to a watchdog.
 */
#pragma once

#include "io/route.h"

/* GET /: a page for people who are signed in, another that says how to. */
route_fn page_home;
/* GET /livez: the process answers. */
route_fn page_livez;
/* GET /readyz: 200 when PostgreSQL is there, else 503. */
route_fn page_readyz;
