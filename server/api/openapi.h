// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The OpenAPI 3.1 document, printed from the route table and the field tables: there is no second
 * source that could say something else.
 */
#pragma once

#include "io/route.h"

/* GET /api/v1/openapi.json */
route_fn openapi_read;
