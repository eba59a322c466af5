// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/csv/csv.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define CHUNK_BYTES 65536

struct csv {
    csv_source_fn *source;
    void *arg;
    char separator;
    bool has_begun;
    bool is_at_end;
    struct fault failure; /* of the source; code ERR_OK: none */
    uint64_t line;        /* of the next byte */
    uint64_t began_line;  /* of the record */
    size_t at, filled;
    char chunk[CHUNK_BYTES];
    struct buf record;         /* fields, each ended by NUL */
    size_t starts[CSV_FIELDS]; /* where each begins in 'record' */
    size_t count;
};

enum { BYTE_END = -1, BYTE_FAILED = -2 };

struct csv *csv_new(csv_source_fn *source, void *arg, char separator)
{
    struct csv *c = mem_zalloc(sizeof(*c));
    c->source = source;
    c->arg = arg;
    c->separator = separator;
    c->line = 1;
    return c;
}

void csv_free(struct csv *c)
{
    if (!c)
        return;
    buf_done(&c->record);
    mem_free(c);
}

/* Reads more behind what is there. */
static void fill(struct csv *c)
{
    long n = c->source(c->arg, c->chunk + c->filled, sizeof(c->chunk) - c->filled, &c->failure);
    if (n < 0)
        must(c->failure.code != ERR_OK);
    else if (n == 0)
        c->is_at_end = true;
    else
        c->filled += (size_t)n;
}

/* The next byte without taking it. */
static int peek(struct csv *c)
{
    if (c->at == c->filled && !c->is_at_end && !c->failure.code) {
        c->at = c->filled = 0;
        fill(c);
    }
    if (c->at < c->filled)
        return (unsigned char)c->chunk[c->at];
    return c->is_at_end ? BYTE_END : BYTE_FAILED;
}

static void take(struct csv *c)
{
    if (c->chunk[c->at++] == '\n')
        c->line++;
}

static bool take_if(struct csv *c, int wanted)
{
    if (peek(c) != wanted)
        return false;
    take(c);
    return true;
}

static void skip_mark(struct csv *c)
{
    static const char mark[] = "\xef\xbb\xbf";
    c->has_begun = true;
    while (c->filled < 3 && !c->is_at_end && !c->failure.code)
        fill(c);
    if (c->filled >= 3 && memcmp(c->chunk, mark, 3) == 0)
        c->at = 3;
}

/* After a mistake: to the end of the line, so that the next record begins at a line start. */
static enum csv_step give_up(struct csv *c, struct fault *fault, const char *why)
{
    int byte;
    while ((byte = peek(c)) >= 0) {
        take(c);
        if (byte == '\n')
            break;
    }
    fault_set(fault, ERR_INVALID, "", "line %llu, field %zu: %s", (unsigned long long)c->began_line,
              c->count, why);
    return CSV_BAD;
}

static const char *add_byte(struct csv *c, int byte)
{
    if (c->record.length >= CSV_RECORD_BYTES)
        return "the record is longer than 1 MiB";
    buf_add_char(&c->record, (char)byte);
    return NULL;
}

/* Between the quotes; the opening one is taken, the closing one will be. */
static const char *read_quoted(struct csv *c)
{
    for (;;) {
        int byte = peek(c);
        if (byte < 0)
            return "a quote is opened and never closed";
        take(c);
        if (byte == '"' && !take_if(c, '"'))
            return NULL;
        const char *why = add_byte(c, byte);
        if (why)
            return why;
    }
}

static bool is_field_end(const struct csv *c, int byte)
{
    return byte < 0 || byte == c->separator || byte == '\n' || byte == '\r';
}

static const char *read_plain(struct csv *c)
{
    int byte;
    while (!is_field_end(c, byte = peek(c))) {
        if (byte == '"')
            return "a quote stands inside a field that does not begin with one";
        const char *why = add_byte(c, byte);
        if (why)
            return why;
        take(c);
    }
    return NULL;
}

static const char *read_field(struct csv *c)
{
    if (c->count == CSV_FIELDS)
        return "the record has more than 1024 fields";
    c->starts[c->count++] = c->record.length;
    const char *why = take_if(c, '"') ? read_quoted(c) : read_plain(c);
    if (why)
        return why;
    if (!is_field_end(c, peek(c)))
        return "text follows the closing quote";
    buf_add_char(&c->record, '\0');
    return NULL;
}

static const char *read_record(struct csv *c)
{
    do {
        const char *why = read_field(c);
        if (why)
            return why;
    } while (take_if(c, (unsigned char)c->separator));
    if (take_if(c, '\r') && peek(c) >= 0 && peek(c) != '\n')
        return "a carriage return stands alone";
    take_if(c, '\n');
    return NULL;
}

enum csv_step csv_next(struct csv *c, struct fault *ret_fault)
{
    if (!c->has_begun)
        skip_mark(c);
    buf_clear(&c->record);
    c->count = 0;
    while (take_if(c, '\n') || take_if(c, '\r'))
        ;
    c->began_line = c->line;
    const char *why = peek(c) < 0 ? NULL : read_record(c);
    if (c->failure.code) {
        *ret_fault = c->failure;
        return CSV_FAILED;
    }
    if (why)
        return give_up(c, ret_fault, why);
    return c->count ? CSV_RECORD : CSV_END;
}

size_t csv_count(const struct csv *c)
{
    return c->count;
}

const char *csv_field(const struct csv *c, size_t index)
{
    must(index < c->count);
    return c->record.data + c->starts[index];
}

uint64_t csv_line(const struct csv *c)
{
    return c->began_line;
}
