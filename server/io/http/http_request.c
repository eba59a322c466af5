// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include <string.h>

const char *http_header_n(const struct http_request *r, const char *lower_name, size_t length)
{
    const struct http_exchange *x = (const struct http_exchange *)r;
    const char *bytes = x->connection->in + x->connection->in_begin;
    const char *found = NULL;
    if (!(x->head.name_lengths & http_head_length_bit(length)))
        return NULL;
    for (unsigned i = 0; i < x->head.field_count; i++) {
        const struct http_field *f = &x->head.fields[i];
        if (f->name_bytes != length || memcmp(bytes + f->name, lower_name, length) != 0)
            continue;
        const char *value = bytes + f->value;
        found = found ? arena_printf(r->arena, "%s, %s", found, value) : value;
    }
    return found;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static const char *decode(struct arena *arena, const char *s, size_t length, bool is_form)
{
    char *out = arena_alloc(arena, length + 1);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        char c = s[i];
        if (c == '%') {
            int high = length - i > 2 ? nibble(s[i + 1]) : -1;
            int low = high >= 0 ? nibble(s[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        if (c == '\0')
            return NULL;
        out[n++] = c;
    }
    out[n] = '\0';
    return text_is_utf8(out, n) ? out : NULL;
}

const char *http_decode(struct arena *arena, const char *s, size_t length)
{
    return decode(arena, s, length, false);
}

const char *http_query(const struct http_request *r, const char *name, enum err *ret_err)
{
    const char *pair = r->query;
    while (*pair) {
        size_t length = strcspn(pair, "&");
        const char *equals = memchr(pair, '=', length);
        size_t name_length = equals ? (size_t)(equals - pair) : length;
        const char *key = decode(r->arena, pair, name_length, true);
        if (key && strcmp(key, name) == 0) {
            size_t skip = equals ? name_length + 1 : length;
            const char *value = decode(r->arena, pair + skip, length - skip, true);
            if (!value && ret_err)
                *ret_err = ERR_INVALID;
            return value;
        }
        pair += pair[length] ? length + 1 : length;
    }
    return NULL;
}
