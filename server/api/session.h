// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sessions of people: a one-time link opens one, logout ends it. The cookie is for this host alone,
 * out of reach for scripts and not sent from other sites.
 */
#pragma once

#include "io/route.h"

/* GET /login/{token}: 303 to / with the cookie; 401 when the link is used, old or unknown. */
route_fn session_login;
/* POST /api/v1/logout: 204. */
route_fn session_logout;
/* GET session: the user behind the session (null for a key) and the environments it may see. */
route_fn session_read;
