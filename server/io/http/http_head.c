// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_head.h"

#include "base/word.h"

#include <llhttp.h>
#include <string.h>
#include <strings.h>

enum byte_kind { PLAIN, CR, LF, FORBIDDEN };

static const unsigned char byte_kinds[256] = {
    [0 ... 8] = FORBIDDEN, ['\t'] = PLAIN,          ['\n'] = LF,      [11 ... 12] = FORBIDDEN,
    ['\r'] = CR,           [14 ... 31] = FORBIDDEN, [127] = FORBIDDEN};

const unsigned char http_token_byte[256] = {
    ['!'] = '!', ['#'] = '#', ['$'] = '$', ['%'] = '%', ['&'] = '&', ['\''] = '\'', ['*'] = '*',
    ['+'] = '+', ['-'] = '-', ['.'] = '.', ['^'] = '^', ['_'] = '_', ['`'] = '`',   ['|'] = '|',
    ['~'] = '~', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',   ['5'] = '5',
    ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b',   ['C'] = 'c',
    ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i',   ['J'] = 'j',
    ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p',   ['Q'] = 'q',
    ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w',   ['X'] = 'x',
    ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',   ['e'] = 'e',
    ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k',   ['l'] = 'l',
    ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r',   ['s'] = 's',
    ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y',   ['z'] = 'z'};

void http_head_init(struct http_head *h)
{
    memset(h, 0, offsetof(struct http_head, fields));
    h->verb = VERB_OTHER;
    h->is_plain = true;
    h->content_length = -1;
    h->status = 0;
    h->detail = NULL;
}

static inline bool is_field(const char *name, size_t bytes, const char *lower)
{
    return strlen(lower) == bytes && strncasecmp(name, lower, bytes) == 0;
}

/* What frames a body in a way that readers have disagreed about, or changes the protocol. */
static bool is_delicate(const char *line, size_t length, size_t name)
{
    return is_field(line, name, "transfer-encoding") || is_field(line, name, "upgrade") ||
           (is_field(line, name, "content-length") &&
            (line[length - 1] < '0' || line[length - 1] > '9'));
}

/* A line that all readers read alike is a field at once; the name is checked with the rules. */
static void add_field(struct http_head *h, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    size_t name = colon ? (size_t)(colon - line) : 0;
    if (name == 0 || name > UINT16_MAX || h->field_count == HTTP_FIELDS ||
        is_delicate(line, length, name)) {
        h->is_plain = false;
        return;
    }
    uint32_t at = (uint32_t)h->line;
    h->fields[h->field_count++] = (struct http_field){.name = at,
                                                      .name_bytes = (uint16_t)name,
                                                      .value = at + (uint32_t)name + 1,
                                                      .value_bytes = (uint32_t)(length - name - 1),
                                                      .has_value = true};
}

static enum http_progress read_line(struct http_head *h, const char *line, size_t length)
{
    enum http_progress progress = http_target_read(h, line, length);
    if (progress == HTTP_MORE)
        h->is_plain = h->verb != VERB_OTHER && line[h->target - h->first] == '/';
    return progress;
}

/* A line ends at 'lf'. DONE: it was the empty one. */
static enum http_progress end_line(struct http_head *h, const char *bytes, size_t lf)
{
    if (lf == 0 || bytes[lf - 1] != '\r')
        return http_head_refuse(h, 400, "A line ends in LF without CR.");
    const char *line = bytes + h->line;
    size_t length = lf - 1 - h->line;
    bool is_first = h->line == h->first;
    if (length > 0 && !is_first && *line != ' ' && *line != '\t')
        add_field(h, line, length);
    h->line = lf + 1;
    if (length == 0 && lf == 1) {
        h->first = 2;
        return HTTP_MORE;
    }
    if (length > 0 && (*line == ' ' || *line == '\t'))
        return http_head_refuse(h, 400, "A header line begins with white space.");
    if (is_first)
        return read_line(h, line, length);
    h->bytes = lf + 1;
    return length == 0 ? HTTP_DONE : HTTP_MORE;
}

/* Where the next byte stands that is not plain: 'length' when there is none. */
static size_t next_mark(const char *bytes, size_t i, size_t length)
{
    for (; length - i >= WORD_BYTES; i += WORD_BYTES) {
        uint64_t word = word_read(bytes + i);
        uint64_t marks = word_below(word, ' ') | word_equal(word, 0x7f);
        if (!marks)
            continue;
        i += word_first(marks);
        break;
    }
    while (i < length && byte_kinds[(unsigned char)bytes[i]] == PLAIN)
        i++;
    return i;
}

static enum http_progress scan(struct http_head *h, const char *bytes, size_t length)
{
    size_t i = h->scanned;
    while ((i = next_mark(bytes, i, length)) < length) {
        unsigned char kind = byte_kinds[(unsigned char)bytes[i]];
        if (kind == FORBIDDEN)
            return http_head_refuse(h, 400, "A control character stands in the request head.");
        if (kind == CR && i + 1 == length)
            break;
        if (kind == CR && bytes[i + 1] != '\n')
            return http_head_refuse(h, 400, "A CR is not followed by LF.");
        if (kind == CR)
            i++;
        enum http_progress progress = end_line(h, bytes, i++);
        if (progress != HTTP_MORE)
            return progress;
    }
    h->scanned = i;
    return HTTP_MORE;
}

/* What llhttp's callbacks need. */
struct pass {
    llhttp_t parser;
    struct http_head *head;
    const char *bytes;
};

static int on_field(llhttp_t *parser, const char *at, size_t length)
{
    struct pass *pass = (struct pass *)parser;
    struct http_head *h = pass->head;
    if (h->field_count == HTTP_FIELDS) {
        http_head_refuse(h, 431, "The request has too many headers.");
        return HPE_USER;
    }
    h->fields[h->field_count++] =
        (struct http_field){.name = (uint32_t)(at - pass->bytes), .name_bytes = (uint16_t)length};
    return length > UINT16_MAX ? HPE_USER : 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t length)
{
    struct pass *pass = (struct pass *)parser;
    struct http_head *h = pass->head;
    struct http_field *f = h->field_count ? &h->fields[h->field_count - 1] : NULL;
    if (!f || f->has_value)
        return HPE_USER;
    f->has_value = true;
    f->value = (uint32_t)(at - pass->bytes);
    f->value_bytes = (uint32_t)length;
    return 0;
}

/* The head ends here: what follows is ours to frame. */
static int on_headers_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_headers_complete = on_headers_complete,
};

enum http_progress http_head_take_apart(struct http_head *h, const char *bytes)
{
    h->field_count = 0;
    struct pass pass = {.head = h, .bytes = bytes};
    llhttp_init(&pass.parser, HTTP_REQUEST, &settings);
    llhttp_errno_t rc = llhttp_execute(&pass.parser, bytes + h->first, h->bytes - h->first);
    if (rc == HPE_PAUSED)
        return HTTP_DONE;
    if (h->status)
        return HTTP_BAD;
    if (rc == HPE_INVALID_METHOD)
        return http_head_refuse(h, 501, "The method is not known.");
    return http_head_refuse(h, 400, "The request head is malformed.");
}

enum http_progress http_head_read(struct http_head *h, char *bytes, size_t length, size_t limit)
{
    /* Nothing beyond the limit is looked at, so the answer does not depend on how much came at
     * once. */
    enum http_progress progress = scan(h, bytes, length < limit ? length : limit);
    if (progress == HTTP_MORE && length >= limit)
        return http_head_refuse(h, 431, "The request line and headers are too large.");
    if (progress != HTTP_DONE)
        return progress;
    if (!h->is_plain && http_head_take_apart(h, bytes) == HTTP_BAD)
        return HTTP_BAD;
    return http_head_check(h, bytes);
}
