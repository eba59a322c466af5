// SPDX-License-Identifier: GPL-3.0-or-later
/* Compressed bodies: what they say, what is wrong with them, and what a few bytes may cost. */
#include "io/coding/coding.h"
#include "io/coding/coding_gzip.h"

#include "base/mem.h"

#include <brotli/encode.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#define LIMIT 100000

/* Windows of zlib: by their sign and size it chooses the frame. */
enum { FRAME_GZIP = 31, FRAME_ZLIB = 15, FRAME_BARE = -15 };

static void pack(struct buf *out, const char *text, size_t length, int window)
{
    z_stream z = {0};
    must(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t most = deflateBound(&z, length);
    z.next_out = (void *)buf_reserve(out, most);
    z.avail_out = (unsigned)most;
    z.next_in = (void *)(uintptr_t)text;
    z.avail_in = (unsigned)length;
    must(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out->length += z.total_out;
    deflateEnd(&z);
}

static void pack_brotli(struct buf *out, const char *text, size_t length, int window)
{
    size_t bytes = BrotliEncoderMaxCompressedSize(length) + 64;
    char *to = buf_reserve(out, bytes);
    must(BrotliEncoderCompress(5, window, BROTLI_DEFAULT_MODE, length, (const void *)text, &bytes,
                               (void *)to));
    out->length += bytes;
}

static void pack_zstd(struct buf *out, const char *text, size_t length, int window)
{
    size_t most = ZSTD_compressBound(length) + 64;
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_inBuffer in = {.src = text, .size = length};
    ZSTD_outBuffer packed = {.dst = buf_reserve(out, most), .size = most};
    must(!ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window)));
    must(!ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)));
    /* Without the size in front: as a stream is packed. */
    must(!ZSTD_isError(ZSTD_compressStream2(context, &packed, &in, ZSTD_e_flush)));
    must(ZSTD_compressStream2(context, &packed, &in, ZSTD_e_end) == 0);
    out->length += packed.pos;
    ZSTD_freeCCtx(context);
}

static void pack_as(struct buf *out, enum coding coding, const char *text, size_t length)
{
    if (coding == CODING_BROTLI)
        pack_brotli(out, text, length, 22);
    else if (coding == CODING_ZSTD)
        pack_zstd(out, text, length, 21);
    else
        pack(out, text, length, coding == CODING_GZIP ? FRAME_GZIP : FRAME_ZLIB);
}

static const enum coding codings[] = {CODING_GZIP, CODING_DEFLATE, CODING_BROTLI, CODING_ZSTD};
#define CODINGS (sizeof(codings) / sizeof(codings[0]))

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int coding; /* -1: unknown */
    } cases[] = {
        {NULL, CODING_NONE},
        {"identity", CODING_NONE},
        {"gzip", CODING_GZIP},
        {"GZip", CODING_GZIP},
        {"x-gzip", CODING_GZIP},
        {"deflate", CODING_DEFLATE},
        {"br", CODING_BROTLI},
        {"zstd", CODING_ZSTD},
        {"ZSTD", CODING_ZSTD},
        {"zstd, gzip", -1},
        {"zst", -1},
        {"compress", -1},
        {"gzip, gzip", -1},
        {"gzip,br", -1},
        {"gzip ", -1},
        {"identity, gzip", -1},
        {"", -1},
        {"*", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum coding coding = CODING_NONE;
        assert_int_equal(coding_find(cases[i].value, &coding), cases[i].coding >= 0);
        if (cases[i].coding >= 0)
            assert_int_equal(coding, cases[i].coding);
    }
}

/* Every size around a step, in every coding, up to the limit and one beyond. */
static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,     1,     2,     100,       8191,  8192,      8193,
                                   16384, 16385, 50000, LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT};
    auto_free char *text = mem_alloc(2 * LIMIT);
    for (size_t i = 0; i < (size_t)2 * LIMIT; i++)
        text[i] = (char)('a' + (i * i + i / 7) % 23);
    for (size_t i = 0; i < CODINGS * sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = sizes[i / CODINGS];
        auto_buf struct buf packed = {0}, out = {0};
        const char *detail;
        pack_as(&packed, codings[i % CODINGS], text, size);
        int status =
            coding_read(codings[i % CODINGS], packed.data, packed.length, LIMIT, &out, &detail);
        assert_int_equal(status, size > LIMIT ? 413 : 0);
        assert_true(out.length <= LIMIT + 1);
        if (!status)
            assert_int_equal(out.length, size);
        if (size > 0)
            assert_memory_equal(out.data, text, size < out.length ? size : out.length);
    }
}

/* Whatever is cut off, or follows, is told. */
static void test_torn(void **state)
{
    (void)state;
    static const char text[] = "{\"events\":[]}, and so on, and so on, and so on, and so on";
    for (size_t i = 0; i < CODINGS; i++) {
        auto_buf struct buf packed = {0}, out = {0};
        const char *detail = NULL;
        pack_as(&packed, codings[i], text, sizeof(text));
        for (size_t length = 1; length < packed.length; length++) {
            buf_clear(&out);
            assert_int_equal(coding_read(codings[i], packed.data, length, LIMIT, &out, &detail),
                             400);
        }
        buf_add_char(&packed, 'x');
        buf_clear(&out);
        assert_int_equal(coding_read(codings[i], packed.data, packed.length, LIMIT, &out, &detail),
                         400);
        assert_non_null(strstr(detail, "Content-Encoding"));
    }
}

static void test_what_is_another_coding(void **state)
{
    (void)state;
    static const char text[] = "[{\"visitor_id\":\"v\"},{\"visitor_id\":\"v\"}]";
    for (size_t i = 0; i < CODINGS * CODINGS; i++) {
        auto_buf struct buf packed = {0}, out = {0};
        const char *detail;
        pack_as(&packed, codings[i / CODINGS], text, sizeof(text));
        int status =
            coding_read(codings[i % CODINGS], packed.data, packed.length, LIMIT, &out, &detail);
        assert_int_equal(status, i / CODINGS == i % CODINGS ? 0 : 400);
    }
    for (size_t i = 0; i < CODINGS; i++) {
        auto_buf struct buf out = {0};
        const char *detail;
        assert_int_equal(coding_read(codings[i], text, sizeof(text), LIMIT, &out, &detail), 400);
    }
}

/* Without a frame, as some send it; and files of gzip behind each other. */
static void test_bare_and_members(void **state)
{
    (void)state;
    auto_buf struct buf bare = {0}, members = {0}, out = {0};
    const char *detail;
    pack(&bare, "bare text", 9, FRAME_BARE);
    assert_int_equal(coding_read(CODING_DEFLATE, bare.data, bare.length, LIMIT, &out, &detail), 0);
    pack(&members, " one", 4, FRAME_GZIP);
    pack(&members, "", 0, FRAME_GZIP);
    pack(&members, " two", 4, FRAME_GZIP);
    assert_int_equal(coding_read(CODING_GZIP, members.data, members.length, LIMIT, &out, &detail),
                     0);
    assert_int_equal(out.length, 17);
    assert_memory_equal(out.data, "bare text one two", 17);
}

/* A thousandth of its size says it, and no more than the limit is ever made. */
static void test_bombs(void **state)
{
    (void)state;
    size_t bytes = (size_t)20 * 1024 * 1024;
    auto_free char *zeros = mem_zalloc(bytes);
    for (size_t i = 0; i < CODINGS; i++) {
        auto_buf struct buf packed = {0}, out = {0};
        const char *detail;
        pack_as(&packed, codings[i], zeros, bytes);
        assert_true(packed.length < bytes / 900);
        assert_int_equal(coding_read(codings[i], packed.data, packed.length, LIMIT, &out, &detail),
                         413);
        assert_true(out.capacity <= 4 * LIMIT);
    }
}

/* A window that a short text does not need costs nothing; one that is filled is too large. */
static void test_windows_of_brotli(void **state)
{
    (void)state;
    static const char text[] = "short";
    auto_buf struct buf packed = {0}, out = {0}, large = {0};
    const char *detail;
    pack_brotli(&packed, text, sizeof(text), 24);
    assert_int_equal(coding_read(CODING_BROTLI, packed.data, packed.length, 100, &out, &detail), 0);
    assert_int_equal(out.length, sizeof(text));
    size_t bytes = (size_t)16 * 1024 * 1024;
    auto_free char *zeros = mem_zalloc(bytes);
    pack_brotli(&large, zeros, bytes, 24);
    assert_int_equal(coding_read(CODING_BROTLI, large.data, large.length, 100, &out, &detail), 413);
}

/* A window of 8 MiB is taken, whatever the route's limit; more is not. Frames follow each other,
 * and such that hold nothing. */
static void test_frames_of_zstd(void **state)
{
    (void)state;
    static const char skipped[] = "\x50\x2a\x4d\x18\x03\x00\x00\x00xyz";
    for (int window = 10; window <= 27; window++) {
        auto_buf struct buf packed = {0}, out = {0};
        const char *detail;
        pack_zstd(&packed, "short", 5, window);
        assert_int_equal(coding_read(CODING_ZSTD, packed.data, packed.length, 100, &out, &detail),
                         window <= 23 ? 0 : 413);
    }
    auto_buf struct buf frames = {0}, out = {0};
    const char *detail;
    pack_zstd(&frames, "one", 3, 20);
    buf_add(&frames, skipped, sizeof(skipped) - 1);
    pack_zstd(&frames, "", 0, 20);
    pack_zstd(&frames, " two", 4, 20);
    assert_int_equal(coding_read(CODING_ZSTD, frames.data, frames.length, LIMIT, &out, &detail), 0);
    assert_int_equal(out.length, 7);
    assert_memory_equal(out.data, "one two", 7);
    frames.data[frames.length - 1] ^= 1; /* of the checksum */
    assert_int_equal(coding_read(CODING_ZSTD, frames.data, frames.length, LIMIT, &out, &detail),
                     400);
}

/* One after the other by the same packer: none knows of the one before. */
static void test_what_is_packed(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 511, 512, 800, 4096, 65536, 65537, 99999, LIMIT};
    struct coding_gzip *g = coding_gzip_new();
    for (size_t i = 0; i < 2 * sizeof(lengths) / sizeof(lengths[0]); i++) {
        auto_buf struct buf text = {0}, packed = {0}, back = {0};
        const char *detail = NULL;
        size_t length = lengths[i / 2];
        for (size_t at = 0; at < length; at++) /* all bytes; nothing that comes again, or all */
            buf_add_char(&text, i % 2 ? 'x' : (char)(at * at * 2654435761u >> 13));
        coding_gzip_write(g, text.data, length, &packed);
        assert_int_equal(
            coding_read(CODING_GZIP, packed.data, packed.length, LIMIT, &back, &detail), 0);
        assert_int_equal(back.length, length);
        if (length)
            assert_memory_equal(back.data, text.data, length);
        if (i % 2 && length > 800)
            assert_true(packed.length * 20 < length);
    }
    coding_gzip_free(g);
    coding_gzip_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_torn),
        cmocka_unit_test(test_what_is_another_coding),
        cmocka_unit_test(test_bare_and_members),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_windows_of_brotli),
        cmocka_unit_test(test_frames_of_zstd),
        cmocka_unit_test(test_what_is_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
