// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/coding/coding_zstd.h"

#include "base/mem.h"

#include <stdbool.h>
#include <zstd.h>
#include <zstd_errors.h>

#define WINDOW_LOG_MOST 23

struct coding_zstd {
    ZSTD_DCtx *context;
    ZSTD_inBuffer in;
};

struct coding_zstd *coding_zstd_new(const void *bytes, size_t length)
{
    struct coding_zstd *z = mem_zalloc(sizeof(*z));
    z->in = (ZSTD_inBuffer){.src = bytes, .size = length};
    z->context = ZSTD_createDCtx();
    must(z->context);
    must(!ZSTD_isError(ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, WINDOW_LOG_MOST)));
    return z;
}

enum coding_progress coding_zstd_read(struct coding_zstd *z, char *to, size_t room,
                                      size_t *ret_made)
{
    ZSTD_outBuffer out = {.dst = to, .size = room};
    size_t left = ZSTD_decompressStream(z->context, &out, &z->in); /* 0: a frame is at its end */
    bool is_read = z->in.pos == z->in.size;
    *ret_made = out.pos;
    if (ZSTD_isError(left)) {
        ZSTD_ErrorCode code = ZSTD_getErrorCode(left);
        return code == ZSTD_error_frameParameter_windowTooLarge ||
                       code == ZSTD_error_memory_allocation
                   ? CODING_LARGE
                   : CODING_BAD;
    }
    if (left == 0)
        return is_read ? CODING_DONE : CODING_MORE;
    return is_read && out.pos < out.size ? CODING_BAD : CODING_MORE;
}

void coding_zstd_free(struct coding_zstd *z)
{
    ZSTD_freeDCtx(z->context);
    mem_free(z);
}
