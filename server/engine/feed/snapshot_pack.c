// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_pack.h"

#include "io/coding/coding_gzip.h"

void snapshot_pack(struct snapshot *s)
{
    auto_buf struct buf packed = {0};
    if (s->config.length < CODING_GZIP_LEAST)
        return;
    struct coding_gzip *gzip = coding_gzip_new();
    coding_gzip_write(gzip, s->config.text, s->config.length, &packed);
    coding_gzip_free(gzip);
    s->config_gzip =
        (struct buf_slice){arena_strndup(s->arena, packed.data, packed.length), packed.length};
}
