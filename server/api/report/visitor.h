// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One visitor: what it did, what it was exposed to, and what it gets now and why.
 */
#pragma once

#include "api/route/route.h"
#include "base/json/field.h"

extern const struct route visitor_routes[];

extern const struct field visitor_fields[];
extern const struct field visitor_exclude_fields[];
extern const struct field visitor_include_fields[];
extern const struct field visitor_exclusion_fields[];
extern const struct field visitor_event_fields[];
extern const struct field visitor_question_fields[];
extern const struct field visitor_explain_fields[];
