// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/openapi.json: what the desk's route table says, for whoever asks.
 */
#pragma once

#include "api/route/route.h"

extern const struct route openapi_routes[];
