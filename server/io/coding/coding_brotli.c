// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/coding/coding_brotli.h"

#include "base/mem.h"

#include <brotli/decode.h>
#include <stdbool.h>
#include <stdint.h>

/* What a decoder needs beside its window: tables, and its own state. */
#define TABLES_BYTES ((size_t)1024 * 1024)
/* Before each piece of memory stands its size. */
#define HEAD_BYTES 16

struct coding_brotli {
    BrotliDecoderState *state;
    const uint8_t *next;
    size_t left;
    size_t room; /* memory that it may still take */
    bool is_over;
};

static void *take(void *arg, size_t bytes)
{
    struct coding_brotli *b = arg;
    if (bytes > b->room) {
        b->is_over = true;
        return NULL;
    }
    size_t *piece = mem_alloc(bytes + HEAD_BYTES);
    *piece = bytes;
    b->room -= bytes;
    return (char *)piece + HEAD_BYTES;
}

static void give_back(void *arg, void *address)
{
    struct coding_brotli *b = arg;
    if (!address)
        return;
    size_t *piece = (void *)((char *)address - HEAD_BYTES);
    b->room += *piece;
    mem_free(piece);
}

struct coding_brotli *coding_brotli_new(const void *bytes, size_t length, size_t limit)
{
    struct coding_brotli *b = mem_zalloc(sizeof(*b));
    b->next = bytes;
    b->left = length;
    b->room = 2 * limit + TABLES_BYTES; /* a window is a power of two */
    b->state = BrotliDecoderCreateInstance(take, give_back, b);
    must(b->state);
    return b;
}

enum coding_progress coding_brotli_read(struct coding_brotli *b, char *to, size_t room,
                                        size_t *ret_made)
{
    uint8_t *out = (void *)to;
    size_t room_left = room;
    BrotliDecoderResult found =
        BrotliDecoderDecompressStream(b->state, &b->left, &b->next, &room_left, &out, NULL);
    *ret_made = room - room_left;
    if (found == BROTLI_DECODER_RESULT_SUCCESS)
        return b->left == 0 ? CODING_DONE : CODING_BAD;
    if (found == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
        return CODING_MORE;
    return b->is_over ? CODING_LARGE : CODING_BAD;
}

void coding_brotli_free(struct coding_brotli *b)
{
    BrotliDecoderDestroyInstance(b->state);
    mem_free(b);
}
