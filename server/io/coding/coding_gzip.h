// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Packs replies by gzip (RFC 1952), one after the other in the same memory. A reply that holds a
 * secret beside what its asker chose tells the secret by its length (BREACH): only what holds none
 * may be packed. Pure.
 */
#pragma once

#include "base/text.h"

#include <stddef.h>

/* Less fits into one packet with its head as it is; more would hold up whoever else waits. */
#define CODING_GZIP_LEAST 512
#define CODING_GZIP_MOST  ((size_t)256 * 1024)

struct coding_gzip;

/* About 100 KB, for as long as it lives. */
struct coding_gzip *coding_gzip_new(void);
void coding_gzip_free(struct coding_gzip *g);
/* Appends one member that holds the bytes (at most 1 GiB) to 'out'; by the quickest level: some
 * 10 us a KB that says nothing twice, and less where much is said twice. */
void coding_gzip_write(struct coding_gzip *g, const void *bytes, size_t length, struct buf *out);
