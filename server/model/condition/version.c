// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/version.h"

#include <stdbool.h>
#include <string.h>

#define PART_WIDTH 20

struct out {
    char *bytes;
    size_t size;
    size_t length;
};

static void put(struct out *out, char c)
{
    if (out->length < out->size)
        out->bytes[out->length] = c;
    out->length++;
}

static bool is_separator(char c)
{
    return c == '-' || c == '.';
}

/* Where the build part begins. It ends with its line, and only one that ends the text is dropped.
 */
static size_t core_length(const char *s, size_t length)
{
    size_t core = length;
    for (size_t i = length; i > 0; i--) {
        char c = s[i - 1];
        bool is_wide_break = i + 1 < length && memcmp(s + i - 1, "\xe2\x80", 2) == 0 &&
                             (s[i + 1] == '\xa8' || s[i + 1] == '\xa9');
        if (c == '\n' || c == '\r' || is_wide_break)
            break;
        if (c == '+')
            core = i - 1;
    }
    return core;
}

static void put_part(struct out *out, const char *part, size_t length)
{
    bool is_number = length > 0;
    for (size_t i = 0; i < length; i++)
        is_number = is_number && part[i] >= '0' && part[i] <= '9';
    while (is_number && length > 1 && *part == '0') {
        part++;
        length--;
    }
    for (size_t i = length; is_number && i < PART_WIDTH; i++)
        put(out, ' ');
    for (size_t i = 0; i < length; i++)
        put(out, part[i]);
}

size_t version_pad(const char *version, size_t length, char *out, size_t size)
{
    struct out padded = {.bytes = out, .size = size};
    length = core_length(version, length);
    if (length > 0 && version[0] == 'v') {
        version++;
        length--;
    }
    bool is_prerelease = false;
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_separator(version[i]))
            continue;
        put_part(&padded, version + from, i - from);
        put(&padded, version[i] == '-' && !is_prerelease ? ' ' : '-');
        is_prerelease = is_prerelease || version[i] == '-';
        from = i + 1;
    }
    put_part(&padded, version + from, length - from);
    if (!is_prerelease)
        put(&padded, '!');
    return padded.length;
}
