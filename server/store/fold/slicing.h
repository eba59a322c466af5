// SPDX-License-Identifier: GPL-3.0-or-later
/* Into how many slices visitors are dealt out. */
#pragma once

#include "base/err.h"

#include <stdint.h>

/* As often as it is asked for: while there are events it is what it was, or refused. Waits: for the
 * command line. */
enum err slicing_set(const char *conninfo, int64_t count, struct fault *ret_fault) must_use;
