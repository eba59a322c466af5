// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/head_agree.h"

#include "base/mem.h"
#include "io/http/http_head.h"
#include "unit/lib/fence.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void compare(const struct http_field *a, const struct http_field *b, const char *bytes)
{
    const char *value = bytes + b->value;
    size_t length = b->value_bytes;
    for (; length > 0 && is_blank(*value); value++)
        length--;
    while (length > 0 && is_blank(value[length - 1]))
        length--;
    must(a->name == b->name && a->name_bytes == b->name_bytes && a->value_bytes == length);
    must(length == 0 || bytes + a->value == value);
}

bool head_agrees(const char *bytes, size_t length)
{
    struct http_head ours, theirs;
    char *copy = fence_copy(bytes, length);
    http_head_init(&ours);
    if (http_head_read(&ours, copy, length, 1u << 20) != HTTP_DONE || !ours.is_plain)
        return false;
    http_head_init(&theirs);
    theirs.first = ours.first;
    theirs.bytes = ours.bytes;
    must(http_head_take_apart(&theirs, bytes) == HTTP_DONE);
    must(theirs.field_count == ours.field_count);
    for (unsigned i = 0; i < ours.field_count; i++)
        compare(&ours.fields[i], &theirs.fields[i], bytes);
    return true;
}
