// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The last snapshot on disk: "mete-snapshot VERSION SHA256\n" and the document; the digest is
 * over both. Written beside (".new", which a killed writer leaves and the next one takes over) and
 * renamed, so that a reader sees the old or the new one, never a half. One writer a path.
 */
#pragma once

#include "base/err.h"

#include <stdint.h>

enum err snapshot_file_write(const char *path, int64_t version, const char *document, size_t length,
                             struct fault *ret_fault) must_use;
/* *ret_document: NUL-terminated, takes mem_free. ERR_NOT_FOUND: no file; ERR_INVALID: torn or
 * changed. */
enum err snapshot_file_read(const char *path, int64_t *ret_version, char **ret_document,
                            struct fault *ret_fault) must_use;
