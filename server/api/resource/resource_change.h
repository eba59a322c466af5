// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Changing what the desk keeps: create, patch (RFC 7396), delete and the moves of a life, all by
 * the same steps: read with all it is checked against, plan in pure C, write if nothing moved in
 * between. If-Match is honoured: 412 when stale.
 */
#pragma once

#include "api/route/desk_request.h"
#include "api/route/route.h"

route_fn resource_change;

/* Answers 503 to all that wait, and begins no more: the database connection is gone for good. */
void change_queue_end(struct change_queue *q);
