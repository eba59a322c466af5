// SPDX-License-Identifier: GPL-3.0-or-later
/* A compressed body: the first byte says how, the second how much may come of it. */
#include "unit/lib/fence.h"

#include "base/mem.h"
#include "io/coding/coding.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum coding codings[] = {CODING_GZIP, CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD};
    if (size < 2)
        return 0;
    size_t limit = (size_t)data[1] * 64;
    char *bytes = fence_copy(data + 2, size - 2);
    auto_buf struct buf out = {0};
    const char *detail = NULL;
    int status = coding_read(codings[data[0] % 4], bytes, size - 2, limit, &out, &detail);
    must(out.length <= limit + 1);
    must(status == 0 ? out.length <= limit : status == 400 || status == 413);
    must(status == 0 || strstr(detail, "Content-Encoding"));
    return 0;
}
