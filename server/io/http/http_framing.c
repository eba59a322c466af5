// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_head.h"

#include <string.h>
#include <strings.h>

/* What the fields said so far. */
struct tally {
    const struct http_field *host;
    const struct http_field *length;
    const struct http_field *coding;
    bool says_close;
    bool says_keep_alive;
};

static inline bool is_named(const char *name, size_t bytes, const char *lower)
{
    return strlen(lower) == bytes && memcmp(name, lower, bytes) == 0;
}

static bool is_value(const char *bytes, const struct http_field *f, const char *word)
{
    return f->value_bytes == strlen(word) &&
           strncasecmp(bytes + f->value, word, f->value_bytes) == 0;
}

static void trim(const char *bytes, struct http_field *f)
{
    while (f->value_bytes > 0 && (bytes[f->value] == ' ' || bytes[f->value] == '\t')) {
        f->value++;
        f->value_bytes--;
    }
    while (f->value_bytes > 0 && (bytes[f->value + f->value_bytes - 1] == ' ' ||
                                  bytes[f->value + f->value_bytes - 1] == '\t'))
        f->value_bytes--;
}

static void read_connection(const char *s, size_t length, struct tally *tally)
{
    const char *end = s + length;
    while (s < end) {
        size_t span = 0;
        while (s + span < end && http_token_byte[(unsigned char)s[span]])
            span++;
        if (span == 5 && strncasecmp(s, "close", 5) == 0)
            tally->says_close = true;
        if (span == 10 && strncasecmp(s, "keep-alive", 10) == 0)
            tally->says_keep_alive = true;
        s += span ? span : 1;
    }
}

static enum http_progress note(struct http_head *h, const char *bytes, struct http_field *f,
                               struct tally *tally)
{
    const char *name = bytes + f->name;
    size_t n = f->name_bytes;
    if (is_named(name, n, "host")) {
        if (tally->host)
            return http_head_refuse(h, 400, "The request has more than one Host.");
        tally->host = f;
    } else if (is_named(name, n, "content-length")) {
        if (tally->length)
            return http_head_refuse(h, 400, "The request has more than one Content-Length.");
        tally->length = f;
    } else if (is_named(name, n, "transfer-encoding")) {
        if (tally->coding)
            return http_head_refuse(h, 400, "The request has more than one Transfer-Encoding.");
        tally->coding = f;
    } else if (is_named(name, n, "connection")) {
        read_connection(bytes + f->value, f->value_bytes, tally);
    } else if (is_named(name, n, "upgrade")) {
        h->is_upgrade = true;
    } else if (is_named(name, n, "expect") && h->minor > 0) {
        if (!is_value(bytes, f, "100-continue"))
            return http_head_refuse(h, 417, "The only expectation known is 100-continue.");
        h->expects_continue = true;
    }
    return HTTP_MORE;
}

/* Lower-cases names in place: nothing else reads the head after llhttp. */
static enum http_progress tidy(struct http_head *h, char *bytes, struct http_field *f)
{
    char *name = bytes + f->name;
    for (char *end = name + f->name_bytes; name < end; name++) {
        *name = (char)http_token_byte[(unsigned char)*name];
        if (!*name)
            return http_head_refuse(h, 400, "A header name is not a token.");
    }
    if (f->name_bytes == 0 || bytes[f->name + f->name_bytes] != ':')
        return http_head_refuse(h, 400, "A header name is not followed by a colon.");
    /* llhttp reports an empty value, if at all, where the next line begins. */
    if (f->value_bytes == 0)
        f->value = f->name + f->name_bytes + 1;
    trim(bytes, f);
    return HTTP_MORE;
}

static enum http_progress check_host(struct http_head *h, const char *bytes,
                                     const struct http_field *host)
{
    if (!host)
        return h->minor == 0 ? HTTP_MORE : http_head_refuse(h, 400, "The request has no Host.");
    if (!http_target_is_authority(bytes + host->value, host->value_bytes))
        return http_head_refuse(h, 400, "Host is malformed.");
    size_t begin, end;
    if (http_target_authority(bytes + h->target, h->target_bytes, &begin, &end) &&
        (end - begin != host->value_bytes ||
         strncasecmp(bytes + h->target + begin, bytes + host->value, end - begin) != 0))
        return http_head_refuse(h, 400, "Host differs from the host in the request target.");
    return HTTP_MORE;
}

/* 18 digits: no number of them overflows. */
static enum http_progress read_length(struct http_head *h, const char *s, size_t length)
{
    int64_t value = 0;
    for (size_t i = 0; i < length && i < 18; i++) {
        if (s[i] < '0' || s[i] > '9')
            length = 0;
        value = value * 10 + (s[i] - '0');
    }
    if (length == 0 || length > 18)
        return http_head_refuse(h, 400, "Content-Length is not a number.");
    h->content_length = value;
    return HTTP_MORE;
}

/* A coding we do not know is an honest 501; one that somebody could read as chunked is not. */
static enum http_progress refuse_coding(struct http_head *h, const char *bytes,
                                        const struct http_field *coding)
{
    const char *at = bytes + coding->value, *end = at + coding->value_bytes;
    for (; end - at >= 7; at++)
        if (strncasecmp(at, "chunked", 7) == 0)
            return http_head_refuse(h, 400, "Transfer-Encoding must be chunked and nothing else.");
    return http_head_refuse(h, 501, "The only transfer coding known is chunked.");
}

static enum http_progress check_framing(struct http_head *h, const char *bytes,
                                        const struct tally *tally)
{
    if (tally->length && tally->coding)
        return http_head_refuse(h, 400,
                                "The request has both Content-Length and Transfer-Encoding.");
    if (tally->length &&
        read_length(h, bytes + tally->length->value, tally->length->value_bytes) == HTTP_BAD)
        return HTTP_BAD;
    if (tally->coding) {
        if (h->minor == 0)
            return http_head_refuse(h, 400, "HTTP/1.0 has no Transfer-Encoding.");
        if (!is_value(bytes, tally->coding, "chunked"))
            return refuse_coding(h, bytes, tally->coding);
        h->is_chunked = true;
    }
    if ((h->verb == VERB_GET || h->verb == VERB_HEAD) && (h->is_chunked || h->content_length > 0))
        return http_head_refuse(h, 400, "A GET or HEAD request has no body.");
    return HTTP_MORE;
}

/* Ends path, query, names and values with NUL, over bytes that only separate. */
static void terminate(struct http_head *h, char *bytes)
{
    bytes[h->target + h->target_bytes] = '\0';
    if (h->query)
        bytes[h->query - 1] = '\0';
    if (h->target_bytes > 1)
        bytes[h->path] = '/';
    for (unsigned i = 0; i < h->field_count; i++) {
        bytes[h->fields[i].name + h->fields[i].name_bytes] = '\0';
        bytes[h->fields[i].value + h->fields[i].value_bytes] = '\0';
    }
}

enum http_progress http_head_check(struct http_head *h, char *bytes)
{
    struct tally tally = {0};
    for (unsigned i = 0; i < h->field_count; i++) {
        h->name_lengths |= http_head_length_bit(h->fields[i].name_bytes);
        if (tidy(h, bytes, &h->fields[i]) == HTTP_BAD ||
            note(h, bytes, &h->fields[i], &tally) == HTTP_BAD)
            return HTTP_BAD;
    }
    if (check_host(h, bytes, tally.host) == HTTP_BAD || check_framing(h, bytes, &tally) == HTTP_BAD)
        return HTTP_BAD;
    h->is_keep_alive =
        !tally.says_close && (h->minor > 0 || tally.says_keep_alive) && !h->is_upgrade;
    terminate(h, bytes);
    return HTTP_DONE;
}
