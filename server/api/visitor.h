// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One visitor: what he did, what he was exposed to, and what he gets now and why.
 */
#pragma once

#include "base/field.h"
#include "io/route.h"

/* GET visitors/{id}: exposures and how much is known; somebody never seen has none of it. */
route_fn visitor_read;
/* GET visitors/{id}/events: the last first, by pages. */
route_fn visitor_events;
/* POST visitors/{id}/explain {attributes}: each campaign's decision with its steps, as the edge
 * would decide this moment. */
route_fn visitor_explain;

extern const struct field visitor_fields[];
extern const struct field visitor_events_fields[];
extern const struct field visitor_question_fields[];
extern const struct field visitor_explain_fields[];
