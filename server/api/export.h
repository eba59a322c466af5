// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Rows of a campaign for analysts, at the desk: …/exposures, …/outcomes and …/events, page by page.
 */
#pragma once

#include "io/route.h"

/* ?phase= (the newest when absent), ?limit=, ?after= as the page before told in "next". */
route_fn export_read;
