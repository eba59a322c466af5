// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Text that ends where memory ends: a page that nobody may read follows. A reader that looks one
 * byte too far dies of it in every build, also inside of libraries, which no sanitizer watches.
 */
#pragma once

#include <stddef.h>

#define FENCE_BYTES (1u << 20)

/* A copy of bytes[0, length), which is at most FENCE_BYTES long, until the next call. */
char *fence_copy(const void *bytes, size_t length);
