// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_chunked.h"

static enum http_progress refuse(struct http_chunked *c, int status, const char *detail)
{
    c->status = status;
    c->detail = detail;
    return HTTP_BAD;
}

static enum http_progress go(struct http_chunked *c, enum http_chunk_state state)
{
    c->state = state;
    return HTTP_MORE;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
        return (c | 0x20) - 'a' + 10;
    return -1;
}

static enum http_progress on_size(struct http_chunked *c, char byte)
{
    int value = hex_value(byte);
    if (value >= 0) {
        if (++c->digits > 8)
            return refuse(c, 400, "A chunk size has too many digits.");
        c->left = c->left << 4 | (uint64_t)value;
        return go(c, CHUNK_SIZE);
    }
    if (c->state == CHUNK_SIZE_FIRST || (byte != ';' && byte != '\r'))
        return refuse(c, 400, "A chunk size is malformed.");
    return go(c, byte == ';' ? CHUNK_EXTENSION : CHUNK_SIZE_LF);
}

static enum http_progress on_extra(struct http_chunked *c, char byte, enum http_chunk_state on_cr)
{
    unsigned char u = (unsigned char)byte;
    if (++c->extra_bytes > HTTP_CHUNK_EXTRA)
        return refuse(c, 400, "Chunk extensions and trailers are too large.");
    if (byte == '\r')
        return go(c, on_cr);
    if ((u < ' ' && byte != '\t') || u == 0x7f)
        return refuse(c, 400, "A control character stands between the chunks.");
    return HTTP_MORE;
}

static enum http_progress on_trailer_name(struct http_chunked *c, char byte)
{
    if (byte == '\r' && c->state == CHUNK_TRAILER_FIRST)
        return go(c, CHUNK_END_LF);
    if (byte == ':' && c->state == CHUNK_TRAILER_NAME)
        c->state = CHUNK_TRAILER_VALUE;
    else if (http_token_byte[(unsigned char)byte])
        c->state = CHUNK_TRAILER_NAME;
    else
        return refuse(c, 400, "A trailer is malformed.");
    return on_extra(c, byte, c->state);
}

static enum http_progress on_data_end(struct http_chunked *c, char byte)
{
    bool is_cr = c->state == CHUNK_DATA_CR;
    if (byte != (is_cr ? '\r' : '\n'))
        return refuse(c, 400, "A chunk is longer than its size.");
    c->digits = 0;
    return go(c, is_cr ? CHUNK_DATA_LF : CHUNK_SIZE_FIRST);
}

static enum http_progress on_byte(struct http_chunked *c, char byte)
{
    switch (c->state) {
    case CHUNK_SIZE_FIRST:
    case CHUNK_SIZE:
        return on_size(c, byte);
    case CHUNK_EXTENSION:
        return on_extra(c, byte, CHUNK_SIZE_LF);
    case CHUNK_DATA:
    case CHUNK_DATA_CR:
    case CHUNK_DATA_LF:
        return on_data_end(c, byte);
    case CHUNK_TRAILER_FIRST:
    case CHUNK_TRAILER_NAME:
        return on_trailer_name(c, byte);
    case CHUNK_TRAILER_VALUE:
        return on_extra(c, byte, CHUNK_TRAILER_LF);
    case CHUNK_SIZE_LF:
    case CHUNK_TRAILER_LF:
    case CHUNK_END_LF:
        break;
    }
    if (byte != '\n')
        return refuse(c, 400, "A CR is not followed by LF.");
    if (c->state == CHUNK_END_LF)
        return HTTP_DONE;
    if (c->state == CHUNK_SIZE_LF && c->left > 0)
        return go(c, CHUNK_DATA);
    return go(c, CHUNK_TRAILER_FIRST);
}

enum http_progress http_chunked_read(struct http_chunked *c, const char *bytes, size_t length,
                                     size_t limit, struct buf *body, size_t *ret_used)
{
    size_t i = 0;
    enum http_progress progress = HTTP_MORE;
    while (i < length && progress == HTTP_MORE) {
        if (c->state != CHUNK_DATA) {
            progress = on_byte(c, bytes[i++]);
            continue;
        }
        size_t n = length - i < c->left ? length - i : (size_t)c->left;
        if (c->left > limit - body->length) {
            progress = refuse(c, 413, "The body is too large.");
            break;
        }
        buf_add(body, bytes + i, n);
        i += n;
        c->left -= n;
        if (c->left == 0)
            c->state = CHUNK_DATA_CR;
    }
    *ret_used = i;
    return progress;
}
