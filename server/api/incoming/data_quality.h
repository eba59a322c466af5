// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/data-quality: what sites sent by name and day, and how much of it has what metrics
 * and results need. Handler of the desk's route table.
 */
#pragma once

#include "api/route/route.h"

extern const struct route data_quality_routes[];
