// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event did to results, as people are told: see sql/functions/event/effect.sql. */
#pragma once

#include "base/json/field.h"

extern const struct field effect_fields[];
