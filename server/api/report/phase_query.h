// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The parameter ?phase= of what is reported of a campaign, at the desk: how it is described, and
 * read.
 */
#pragma once

#include "api/route/route.h"
#include "base/err.h"

#define PHASE_QUERY_MAX 1000000

/* Describes the parameter in the row of a route. */
#define PHASE_QUERY                                                                                \
    {                                                                                              \
        .name = "phase", .kind = FIELD_INT, .min = 1, .max = PHASE_QUERY_MAX,                      \
        .meaning = "its number; the newest when absent"                                            \
    }

/* *ret_phase becomes 0 when the request names no phase. ERR_INVALID is returned for anything but a
 * whole number from 1 to PHASE_QUERY_MAX. */
enum err phase_query_read(const struct http_request *request, int *ret_phase,
                          struct fault *ret_fault) must_use;
