// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What looks like an e-mail address is taken out of texts that are kept for people to look at.
 * Pure.
 */
#pragma once

#include "base/text.h"

#define SCRUBBED "(email)"

/* Appends 'text' with SCRUBBED in the place of each address: letters, digits and ._%+- around an @,
 * or %40 as addresses of pages write it, and behind it a host with a dot. Linear in its length. */
void scrub_add(struct buf *b, const char *text, size_t length);
