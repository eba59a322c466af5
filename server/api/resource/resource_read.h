// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Reading what the desk keeps: a page of a list (?limit=, ?after=), or one with its ETag.
 */
#pragma once

#include "api/route/route.h"

route_fn resource_list;
route_fn resource_read;
