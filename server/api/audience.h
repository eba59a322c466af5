// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is known of the visitors of the last weeks, and how many of them a condition matches: for
 * whoever writes an audience. Handlers of the desk's route table.
 */
#pragma once

#include "base/field.h"
#include "io/http.h"
#include "io/route.h"

extern const struct field audience_fields[];
extern const struct field audience_estimate_fields[];
extern const struct field audience_attributes_fields[];

route_fn audience_estimate_show;
route_fn audience_attributes_show;
