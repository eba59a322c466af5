// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What somebody who runs mete should know of their settings: what stands open, or does not hold,
 * because of what is not set. Said in the log when the server starts.
 */
#pragma once

#include "settings.h"

void advice_log(const struct settings *settings);
