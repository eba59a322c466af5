// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * When a campaign begins and ends by itself.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>

/* ERR_INVALID when it would end before it begins; the times have been read. */
enum err campaign_schedule_check(const json_t *document, struct fault *ret_fault) must_use;
