// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/coding/coding.h"

#include "io/coding/coding_brotli.h"
#include "io/coding/coding_inflate.h"
#include "io/coding/coding_zstd.h"

#include <string.h>
#include <strings.h>

/* Room is made by so much, and by as much again as there is. */
#define STEP_BYTES 8192

bool coding_find(const char *value, enum coding *ret)
{
    static const struct {
        const char *name;
        enum coding coding;
    } names[] = {{"identity", CODING_NONE},   {"gzip", CODING_GZIP}, {"x-gzip", CODING_GZIP},
                 {"deflate", CODING_DEFLATE}, {"br", CODING_BROTLI}, {"zstd", CODING_ZSTD}};
    enum coding found = CODING_NONE;
    bool is_known = !value;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_known; i++) {
        is_known = strcasecmp(value, names[i].name) == 0;
        found = names[i].coding;
    }
    if (is_known)
        *ret = value ? found : CODING_NONE;
    return is_known;
}

/* What unpacks: one of the three, by its coding. */
struct unpacker {
    struct coding_inflate inflate;
    struct coding_brotli *brotli;
    struct coding_zstd *zstd;
};

static void begin(struct unpacker *u, enum coding coding, const void *bytes, size_t length,
                  size_t limit)
{
    *u = (struct unpacker){0};
    if (coding == CODING_BROTLI)
        u->brotli = coding_brotli_new(bytes, length, limit);
    else if (coding == CODING_ZSTD)
        u->zstd = coding_zstd_new(bytes, length);
    else
        coding_inflate_init(&u->inflate, bytes, length, coding == CODING_GZIP);
}

static enum coding_progress step(struct unpacker *u, char *to, size_t room, size_t *ret_made)
{
    if (u->brotli)
        return coding_brotli_read(u->brotli, to, room, ret_made);
    return u->zstd ? coding_zstd_read(u->zstd, to, room, ret_made)
                   : coding_inflate_read(&u->inflate, to, room, ret_made);
}

static void end(struct unpacker *u)
{
    if (u->brotli)
        coding_brotli_free(u->brotli);
    else if (u->zstd)
        coding_zstd_free(u->zstd);
    else
        coding_inflate_done(&u->inflate);
}

/* One byte more than is allowed tells that there is more. */
static size_t room_of(size_t made, size_t limit)
{
    size_t room = made > STEP_BYTES ? made : STEP_BYTES, left = limit + 1 - made;
    return left < room ? left : room;
}

int coding_read(enum coding coding, const void *bytes, size_t length, size_t limit, struct buf *out,
                const char **ret_detail)
{
    struct unpacker unpacker;
    size_t from = out->length, made = 0;
    enum coding_progress progress = CODING_MORE;
    begin(&unpacker, coding, bytes, length, limit);
    while (progress == CODING_MORE && made <= limit) {
        size_t room = room_of(made, limit), now = 0;
        progress = step(&unpacker, buf_reserve(out, room), room, &now);
        made += now;
        out->length = from + made;
    }
    end(&unpacker);
    if (progress == CODING_LARGE || made > limit) {
        *ret_detail = "Content-Encoding: the body is too large when it is unpacked.";
        return 413;
    }
    if (progress == CODING_DONE)
        return 0;
    *ret_detail = "Content-Encoding: the body is not coded as it says, or ends too early.";
    return 400;
}
