// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * br (RFC 7932), step by step, in bounded memory: a stream may ask for a window of 16 MiB in its
 * first bytes. Pure.
 */
#pragma once

#include "io/coding/coding_progress.h"

#include <stddef.h>

struct coding_brotli;

/* 'bytes' are borrowed. 'limit' is the largest body that is taken. */
struct coding_brotli *coding_brotli_new(const void *bytes, size_t length, size_t limit);
/* Writes up to 'room' bytes, one at least, to 'to'. */
enum coding_progress coding_brotli_read(struct coding_brotli *b, char *to, size_t room,
                                        size_t *ret_made);
void coding_brotli_free(struct coding_brotli *b);
