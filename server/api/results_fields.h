// SPDX-License-Identifier: GPL-3.0-or-later
/* What results say, as the API's description has it; engine/results.c writes them. */
#pragma once

#include "base/field.h"

extern const struct field results_fields[];
