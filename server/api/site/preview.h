// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Links that show a variant of a draft on the site, on any device: signed here, read by the edge
 * (edge_preview.c). Nothing is kept of them, see preview_token.h.
 */
#pragma once

#include "api/route/route.h"

extern const struct route preview_routes[];
