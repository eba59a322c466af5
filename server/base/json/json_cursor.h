// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A walk over the JSON that senders write most: plain strings, short numbers. A step that meets
 * anything else (an escape, a long number, an error) fails, and the walk is over: whoever walks
 * leaves the text to json_parse, which also finds the words for what is wrong. What a walk reads to
 * the end, jansson reads the same. Blanks before a piece are skipped.
 */
#pragma once

#include "base/json/json.h"

struct json_cursor {
    const char *at, *end;
    unsigned depth; /* levels and values that may still come */
    unsigned nodes;
};

/* A whole number is exact in both forms; a real one is the double next to what is written. */
struct json_plain_number {
    bool is_real;
    json_int_t integer; /* when it is not real */
    double real;
};

enum json_word { JSON_WORD_NULL, JSON_WORD_FALSE, JSON_WORD_TRUE };

/* Over 'limits' the walk fails. */
struct json_cursor json_cursor_of(const char *text, size_t length,
                                  const struct json_limits *limits);
/* The next character that is not blank; NUL at the end. */
static inline char json_cursor_peek(struct json_cursor *c)
{
    for (; c->at < c->end; c->at++)
        if (*c->at > ' ' || (*c->at != ' ' && *c->at != '\n' && *c->at != '\t' && *c->at != '\r'))
            return *c->at;
    return '\0';
}

static inline bool json_cursor_take(struct json_cursor *c, char expected)
{
    if (json_cursor_peek(c) != expected || c->at == c->end)
        return false;
    c->at++;
    return true;
}

/* Takes an opening bracket. *ret_is_empty: the closing one stood right behind, and is taken too. */
bool json_cursor_open(struct json_cursor *c, char opening, bool *ret_is_empty);
/* Takes what follows a member or item: a comma, or (*ret_is_last) the closing bracket. */
bool json_cursor_next(struct json_cursor *c, char closing, bool *ret_is_last);
/* A string without escapes, valid UTF-8; it stands in the text itself, without a NUL. */
bool json_cursor_text(struct json_cursor *c, const char **ret, size_t *ret_length);
/* Takes a string and its colon. */
bool json_cursor_key(struct json_cursor *c, const char **ret, size_t *ret_length);
bool json_cursor_number(struct json_cursor *c, struct json_plain_number *ret);
bool json_cursor_word(struct json_cursor *c, enum json_word *ret);
/* Whether nothing but blanks is left. */
bool json_cursor_is_done(struct json_cursor *c);
