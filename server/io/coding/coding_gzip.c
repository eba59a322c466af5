// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/coding/coding_gzip.h"

#include "base/mem.h"

#include <stdint.h>
#include <zlib.h>

/* Of zlib: the window of 32 KiB and gzip's frame; the table of what was seen, small enough to be
 * emptied for each reply. */
#define WINDOW_OF_GZIP 31
#define MEMORY         6

struct coding_gzip {
    z_stream stream;
};

struct coding_gzip *coding_gzip_new(void)
{
    struct coding_gzip *g = mem_zalloc(sizeof(*g));
    must(deflateInit2(&g->stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_OF_GZIP, MEMORY,
                      Z_DEFAULT_STRATEGY) == Z_OK);
    return g;
}

void coding_gzip_free(struct coding_gzip *g)
{
    if (g)
        deflateEnd(&g->stream);
    mem_free(g);
}

void coding_gzip_write(struct coding_gzip *g, const void *bytes, size_t length, struct buf *out)
{
    z_stream *z = &g->stream;
    must(length <= INT32_MAX / 2 && deflateReset(z) == Z_OK);
    size_t most = deflateBound(z, length);
    z->next_in = (void *)(uintptr_t)bytes;
    z->avail_in = (unsigned)length;
    z->next_out = (void *)buf_reserve(out, most);
    z->avail_out = (unsigned)most;
    must(deflate(z, Z_FINISH) == Z_STREAM_END);
    out->length += z->total_out;
}
