// SPDX-License-Identifier: GPL-3.0-or-later
/* The query of reports on the last days: ?days=14. */
#pragma once

#include "base/json/field.h"
#include "io/http/http.h"

#include <stdbool.h>

#define DAYS_QUERY_MOST 90

#define DAYS_QUERY_ROW                                                                             \
    {                                                                                              \
        .name = "days", .kind = FIELD_INT, .min = 1, .max = DAYS_QUERY_MOST, .initial = "14",      \
        .meaning = "how many UTC days, up to today"                                                \
    }

/* False: it is none, which was answered. */
bool days_query_read(struct http_request *request, int *ret_days);
