// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Signing in by password, and what a user changes of its own. A wrong answer tells nothing: an
 * unknown address, a disabled user and a wrong password get the same words after the same time.
 * Attempts are counted (guard.h); some wait for their turn before anything is looked up.
 */
#pragma once

#include "api/route/route.h"

/* A new password ends all other sessions; without one that holds (invited, reset) the old one is
 * not asked for. */
extern const struct route account_routes[];
