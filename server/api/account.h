// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Signing in by password, and what a user changes of himself. A wrong answer tells nothing: an
 * unknown address, a disabled user and a wrong password get the same words after the same time, and
 * count against the address they came from.
 */
#pragma once

#include "io/route.h"

/* POST /api/v1/login {email, password}: 204 with the cookie; 401; 429; 503 when too many wait. */
route_fn account_login;
/* PATCH /api/v1/account {email, password, old_password}: 204. A new password ends all other
 * sessions; without one that holds (invited, reset) the old one is not asked for. */
route_fn account_change;
