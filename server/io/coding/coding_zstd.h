// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * zstd (RFC 8878), one frame or several, step by step. A window is at most 8 MiB, as RFC 9659 says
 * of Content-Encoding. Pure.
 */
#pragma once

#include "io/coding/coding_progress.h"

#include <stddef.h>

struct coding_zstd;

/* 'bytes' are borrowed. */
struct coding_zstd *coding_zstd_new(const void *bytes, size_t length);
/* Writes up to 'room' bytes, one at least, to 'to'. */
enum coding_progress coding_zstd_read(struct coding_zstd *z, char *to, size_t room,
                                      size_t *ret_made);
void coding_zstd_free(struct coding_zstd *z);
