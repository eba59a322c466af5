// SPDX-License-Identifier: GPL-3.0-or-later
/* The query of reports on the last days: ?days=14. */
#pragma once

#include "base/json/field.h"
#include "io/http/http.h"

#include <stdbool.h>

#define DAYS_QUERY_MOST 90

extern const struct field days_query[];
/* False: it is none, which was answered. */
bool days_query_read(struct http_request *request, int *ret_days);
