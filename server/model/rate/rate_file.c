// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/rate/rate_file.h"

#include "model/rate/rate_xml.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COLUMNS 256

/* A file of CSV while it is read, line by line. */
struct csv {
    char *at; /* the next line; NULL: there is none */
    char separator;
    size_t line;
    char *cells[COLUMNS]; /* of the last line read, without space around them */
    size_t count;
};

struct wide {
    char *codes[COLUMNS]; /* of the first line, from its second cell on */
    size_t count;
};

/* Which columns of a file with a row a rate hold what; -1: none does. */
struct tall {
    int day, currency, rate, base;
};

static char *trim(char *text)
{
    text += strspn(text, " \t\"");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\"\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Reads the next line that is not empty. Returns false at the end; a line of too many cells has
 * COLUMNS. */
static bool read_line(struct csv *c)
{
    while (c->at) {
        char *line = c->at, *end = strchr(line, '\n');
        c->at = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        c->line++;
        if (line[strspn(line, " \t\r")] == '\0')
            continue;
        c->count = 0;
        while (line && c->count < COLUMNS) {
            char *next = strchr(line, c->separator);
            if (next)
                *next++ = '\0';
            c->cells[c->count++] = trim(line);
            line = next;
        }
        return true;
    }
    return false;
}

/* With another separator than the comma, a comma is a decimal point. */
static void settle_point(const struct csv *c, char *number)
{
    char *comma = c->separator != ',' ? strchr(number, ',') : NULL;
    if (comma && !strchr(number, '.'))
        *comma = '.';
}

static bool is_absent(const char *cell)
{
    return *cell == '\0' || strcasecmp(cell, "N/A") == 0 || strcmp(cell, "-") == 0;
}

static enum err add(struct csv *c, struct rate_list *list, struct rate_told *told, char *rate,
                    struct fault *fault)
{
    struct fault why;
    if (is_absent(rate))
        return ERR_OK;
    settle_point(c, rate);
    told->rate = rate;
    told->line = c->line;
    if (rates_add(list, told, &why) == ERR_OK)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "", "line %zu: %s", c->line, why.detail);
}

static enum err read_wide(struct csv *c, const char *base, struct rate_list *list,
                          struct fault *fault)
{
    struct wide head = {.count = c->count};
    memcpy(head.codes, c->cells, sizeof(head.codes));
    while (read_line(c)) {
        for (size_t i = 1; i < c->count; i++) {
            bool is_named = i < head.count && *head.codes[i];
            if (!is_named && !is_absent(c->cells[i]))
                return fault_set(fault, ERR_INVALID, "",
                                 "line %zu: column %zu has no currency in the first line", c->line,
                                 i + 1);
            struct rate_told told = {
                .day = c->cells[0], .base = base, .currency = is_named ? head.codes[i] : ""};
            if (is_named && add(c, list, &told, c->cells[i], fault))
                return ERR_INVALID;
        }
    }
    return ERR_OK;
}

static enum err read_tall(struct csv *c, const struct tall *t, const char *base,
                          struct rate_list *list, struct fault *fault)
{
    int last = t->day > t->currency ? t->day : t->currency;
    last = t->rate > last ? t->rate : last;
    while (read_line(c)) {
        if (c->count <= (size_t)last)
            return fault_set(fault, ERR_INVALID, "", "line %zu: it has %zu cells", c->line,
                             c->count);
        bool has_base = t->base >= 0 && (size_t)t->base < c->count && *c->cells[t->base] != '\0';
        struct rate_told told = {.day = c->cells[t->day],
                                 .base = has_base ? c->cells[t->base] : base,
                                 .currency = c->cells[t->currency]};
        if (add(c, list, &told, c->cells[t->rate], fault))
            return ERR_INVALID;
    }
    return ERR_OK;
}

static int find_cell(const struct csv *c, const char *name, const char *other)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcasecmp(c->cells[i], name) == 0 || strcasecmp(c->cells[i], other) == 0)
            return (int)i;
    return -1;
}

static char separator_of(const char *text)
{
    size_t length = strcspn(text, "\n");
    if (memchr(text, ';', length))
        return ';';
    return memchr(text, '\t', length) ? '\t' : ',';
}

static enum err read_csv(char *text, const char *base, const char *own, struct rate_list *list,
                         struct fault *fault)
{
    struct csv c = {.at = text, .separator = separator_of(text)};
    if (!read_line(&c))
        return fault_set(fault, ERR_INVALID, "", "is empty");
    struct tall t = {.day = find_cell(&c, "day", "date"),
                     .currency = find_cell(&c, "currency", "quote"),
                     .rate = find_cell(&c, "rate", "value"),
                     .base = find_cell(&c, "base", "from")};
    if (t.day >= 0 && t.currency >= 0 && t.rate >= 0)
        return read_tall(&c, &t, base ? base : own, list, fault);
    if (t.day == 0 && c.count > 1)
        return read_wide(&c, base ? base : "EUR", list, fault);
    return fault_set(fault, ERR_INVALID, "",
                     "line %zu: the columns should be day, currency and rate, or Date and a "
                     "column a currency",
                     c.line);
}

enum err rate_file_read(char *text, size_t length, const char *base, const char *own,
                        struct rate_list *list, struct fault *ret_fault)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (strlen(text) != length)
        return fault_set(ret_fault, ERR_INVALID, "", "is no text in UTF-8");
    char *begin = strncmp(text, mark, 3) == 0 ? text + 3 : text;
    begin += strspn(begin, " \t\r\n");
    if (*begin == '<')
        return rate_xml_read(begin, strlen(begin), base ? base : "EUR", list, ret_fault);
    return read_csv(begin, base, own, list, ret_fault);
}
