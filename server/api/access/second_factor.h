// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A second factor beside the password: codes by time (totp.h) from an app, and recovery codes for
 * when it is lost. Users add and remove their own. It is asked for where a password signs in; a
 * one-time link opens a session without it, since who makes one (an admin's reset, the command
 * line) takes the factor away or holds the database. Each code holds once.
 */
#pragma once

#include "api/route/route.h"

extern const struct route second_factor_routes[];
