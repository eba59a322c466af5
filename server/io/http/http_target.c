// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_head.h"

#include <string.h>
#include <strings.h>

static enum http_verb verb_of(const char *method, size_t length)
{
    static const struct {
        const char *name;
        size_t length;
        enum http_verb verb;
    } verbs[] = {{"GET", 3, VERB_GET},         {"POST", 4, VERB_POST}, {"HEAD", 4, VERB_HEAD},
                 {"OPTIONS", 7, VERB_OPTIONS}, {"PUT", 3, VERB_PUT},   {"PATCH", 5, VERB_PATCH},
                 {"DELETE", 6, VERB_DELETE}};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
        if (verbs[i].length == length && memcmp(verbs[i].name, method, length) == 0)
            return verbs[i].verb;
    return VERB_OTHER;
}

/* Letters, digits and the marks that RFC 3986 allows in a name. */
static const bool host_bytes[256] = {
    ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['!'] = true, ['$'] = true,
    ['%'] = true,         ['&'] = true,         ['\''] = true,        ['('] = true, [')'] = true,
    ['*'] = true,         ['+'] = true,         ['-'] = true,         ['.'] = true, [';'] = true,
    ['='] = true,         ['_'] = true,         ['~'] = true};

bool http_target_is_authority(const char *s, size_t length)
{
    size_t i = 0;
    if (length > 0 && s[0] == '[') {
        i = 1;
        while (i < length && s[i] && strchr("0123456789abcdefABCDEF:.", s[i]))
            i++;
        if (i < 3 || i == length || s[i] != ']')
            return false;
        i++;
    } else {
        while (i < length && host_bytes[(unsigned char)s[i]])
            i++;
        if (i == 0)
            return false;
    }
    if (i == length)
        return true;
    if (s[i] != ':' || length - i > 6)
        return false;
    for (i++; i < length; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

bool http_target_authority(const char *target, size_t length, size_t *ret_begin, size_t *ret_end)
{
    if (length == 0 || target[0] == '/' || target[0] == '*')
        return false;
    const char *mark = memmem(target, length, "://", 3);
    size_t begin = mark ? (size_t)(mark - target) + 3 : length;
    size_t end = begin;
    while (end < length && target[end] != '/' && target[end] != '?')
        end++;
    *ret_begin = begin;
    *ret_end = end;
    return true;
}

static bool is_web_scheme(const char *target, size_t length)
{
    return (length > 7 && strncasecmp(target, "http://", 7) == 0) ||
           (length > 8 && strncasecmp(target, "https://", 8) == 0);
}

/* Finds where path and query begin. An absolute target must name a web address; one without a path
 * has '?' or the end there. */
static bool read_form(struct http_head *h, const char *target, size_t length)
{
    size_t begin, end, path = 0;
    if (length == 1 && *target == '*')
        return h->verb == VERB_OPTIONS;
    if (http_target_authority(target, length, &begin, &end)) {
        if (!is_web_scheme(target, length) ||
            !http_target_is_authority(target + begin, end - begin))
            return false;
        /* "http://host?x": '/' will be written over the last byte of the host */
        path = end < length && target[end] == '/' ? end : end - 1;
    } else if (*target != '/') {
        return false;
    }
    const char *mark = memchr(target + path, '?', length - path);
    h->path = h->target + (uint32_t)path;
    h->query = mark ? h->target + (uint32_t)(mark - target) + 1 : 0;
    return true;
}

static enum http_progress read_version(struct http_head *h, const char *s, size_t length)
{
    if (length != 8 || memcmp(s, "HTTP/", 5) != 0 || s[5] < '0' || s[5] > '9' || s[6] != '.' ||
        s[7] < '0' || s[7] > '9')
        return http_head_refuse(h, 400, "The request line is malformed.");
    if (s[5] != '1' || s[7] > '1')
        return http_head_refuse(h, 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
    h->minor = (uint8_t)(s[7] - '0');
    return HTTP_MORE;
}

enum http_progress http_target_read(struct http_head *h, const char *line, size_t length)
{
    size_t method = 0;
    while (method < length && http_token_byte[(unsigned char)line[method]])
        method++;
    if (method == 0 || method == length || line[method] != ' ')
        return http_head_refuse(h, 400, "The request line is malformed.");
    h->verb = verb_of(line, method);
    const char *target = line + method + 1;
    const char *space = memchr(target, ' ', length - method - 1);
    if (!space || space == target)
        return http_head_refuse(h, 400, "The request line is malformed.");
    size_t bytes = (size_t)(space - target);
    if (read_version(h, space + 1, length - method - 2 - bytes) == HTTP_BAD)
        return HTTP_BAD;
    if (method == 7 && memcmp(line, "CONNECT", 7) == 0)
        return http_head_refuse(h, 501, "CONNECT is not served here.");
    for (size_t i = 0; i < bytes; i++)
        if (target[i] <= ' ' || target[i] > '~' || target[i] == '#')
            return http_head_refuse(h, 400,
                                    "The request target has a character that must be "
                                    "percent-encoded.");
    h->target = (uint32_t)(h->first + method + 1);
    h->target_bytes = (uint32_t)bytes;
    h->path = h->target;
    if (!read_form(h, target, bytes))
        return http_head_refuse(h, 400, "The request target is malformed.");
    return HTTP_MORE;
}
