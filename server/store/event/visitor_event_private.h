// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/event/visitor_event.h"

/* Adds the rows' array parameters. */
void visitor_event_param_rows(struct pg_params *params, struct visitor_event_rows *rows);
