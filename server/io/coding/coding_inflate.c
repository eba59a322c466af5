// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/coding/coding_inflate.h"

#include "base/mem.h"

#include <stdint.h>

/* Of zlib: the window, and what is added to it for gzip. */
#define WINDOW  15
#define OF_GZIP 16

/* A frame of zlib begins with two bytes that no bare stream of a usual sender has. */
static bool has_frame(const uint8_t *bytes, size_t length)
{
    return length >= 2 && (bytes[0] & 0x0f) == Z_DEFLATED && (bytes[0] * 256 + bytes[1]) % 31 == 0;
}

void coding_inflate_init(struct coding_inflate *i, const void *bytes, size_t length, bool is_gzip)
{
    *i = (struct coding_inflate){.is_gzip = is_gzip};
    int window = is_gzip ? WINDOW + OF_GZIP : has_frame(bytes, length) ? WINDOW : -WINDOW;
    must(length <= UINT32_MAX && inflateInit2(&i->stream, window) == Z_OK);
    i->stream.next_in = (void *)(uintptr_t)bytes;
    i->stream.avail_in = (unsigned)length;
}

enum coding_progress coding_inflate_read(struct coding_inflate *i, char *to, size_t room,
                                         size_t *ret_made)
{
    z_stream *z = &i->stream;
    z->next_out = (void *)to;
    z->avail_out = room < UINT32_MAX ? (unsigned)room : UINT32_MAX;
    unsigned begun = z->avail_out;
    int found = inflate(z, Z_NO_FLUSH);
    *ret_made = begun - z->avail_out;
    if (found == Z_STREAM_END && z->avail_in == 0)
        return CODING_DONE;
    if (found == Z_STREAM_END && i->is_gzip)
        return inflateReset(z) == Z_OK ? CODING_MORE : CODING_BAD;
    bool is_cut = z->avail_in == 0 && z->avail_out > 0;
    return found == Z_OK && !is_cut ? CODING_MORE : CODING_BAD;
}

void coding_inflate_done(struct coding_inflate *i)
{
    inflateEnd(&i->stream);
}
