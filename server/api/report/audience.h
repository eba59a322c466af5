// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is known of the visitors of the last weeks, and how many of them a condition matches: for
 * whoever writes an audience. Handlers of the desk's route table.
 */
#pragma once

#include "api/route/route.h"

extern const struct route audience_routes[];
