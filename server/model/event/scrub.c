// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/scrub.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_of_host(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static bool is_of_name(char c)
{
    return is_of_host(c) || c == '_' || c == '%' || c == '+';
}

/* How long the host at the beginning is; 0: there is none. Its last part has two letters at least,
 * dots behind it end a sentence. */
static size_t host_length(const char *text, size_t length)
{
    size_t end = 0, letters = 0;
    while (end < length && is_of_host(text[end]))
        end++;
    while (end > 0 && !is_letter(text[end - 1]))
        end--;
    while (letters < end && is_letter(text[end - 1 - letters]))
        letters++;
    return letters >= 2 && letters + 1 < end && text[end - 1 - letters] == '.' ? end : 0;
}

/* How many bytes at the beginning stand for @. */
static size_t at_length(const char *text, size_t length)
{
    if (text[0] == '@')
        return 1;
    return length >= 3 && memcmp(text, "%40", 3) == 0 ? 3 : 0;
}

void scrub_add(struct buf *b, const char *text, size_t length)
{
    size_t begin = b->length;
    for (size_t i = 0; i < length;) {
        size_t at = at_length(text + i, length - i), name = b->length;
        size_t host = at ? host_length(text + i + at, length - i - at) : 0;
        while (host > 0 && name > begin && is_of_name(b->data[name - 1]))
            name--;
        if (host > 0 && name < b->length) {
            b->length = name;
            buf_add_str(b, SCRUBBED);
            i += at + host;
        } else {
            buf_add_char(b, text[i++]);
        }
    }
}
