// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut in the middle of a UTF-8 sequence would make the whole reply invalid JSON. */
static void trim_utf8(char *s)
{
    size_t n = strlen(s);
    size_t i = n;
    while (i > 0 && n - i < 4 && ((unsigned char)s[i - 1] & 0xc0) == 0x80)
        i--;
    if (i == 0 || !((unsigned char)s[i - 1] & 0x80))
        return;
    unsigned char lead = (unsigned char)s[i - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (n - (i - 1) < want)
        s[i - 1] = '\0';
}

enum err fault_set(struct fault *f, enum err code, const char *pointer, const char *format, ...)
{
    if (!f)
        return code;
    f->code = code;
    snprintf(f->pointer, sizeof(f->pointer), "%s", pointer);
    trim_utf8(f->pointer);
    va_list ap;
    va_start(ap, format);
    vsnprintf(f->detail, sizeof(f->detail), format, ap);
    va_end(ap);
    trim_utf8(f->detail);
    return code;
}

void fault_prefix(struct fault *f, const char *prefix)
{
    if (!f)
        return;
    char joined[2 * sizeof(f->pointer)];
    snprintf(joined, sizeof(joined), "%s%s", prefix, f->pointer);
    memcpy(f->pointer, joined, sizeof(f->pointer) - 1);
    f->pointer[sizeof(f->pointer) - 1] = '\0';
    trim_utf8(f->pointer);
}

void pointer_push(char *buf, size_t size, const char *key)
{
    size_t n = strlen(buf);
    if (n + 1 >= size)
        return;
    buf[n++] = '/';
    for (; *key && n + 3 < size; key++) {
        if (*key == '~' || *key == '/') {
            buf[n++] = '~';
            buf[n++] = *key == '~' ? '0' : '1';
        } else {
            buf[n++] = *key;
        }
    }
    buf[n] = '\0';
    trim_utf8(buf);
}

void pointer_push_index(char *buf, size_t size, size_t index)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", index);
    pointer_push(buf, size, digits);
}

void fault_prefix_key(struct fault *f, const char *key)
{
    char pointer[sizeof(f->pointer)] = "";
    pointer_push(pointer, sizeof(pointer), key);
    fault_prefix(f, pointer);
}

void fault_prefix_index(struct fault *f, size_t index)
{
    char pointer[32] = "";
    pointer_push_index(pointer, sizeof(pointer), index);
    fault_prefix(f, pointer);
}
