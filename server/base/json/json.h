// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * JSON in and out. In: the text is counted before it is parsed (a megabyte of "[{},{},…" would
 * become 79 MB of objects), then jansson builds the tree. Out: appended to a buffer, no tree.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* jansson takes its memory from mem.h: out of it, it would call a good text broken, and its sender
 * would throw that away. Called by main, before any JSON is read. */
void json_init(void);

struct json_limits {
    size_t bytes;
    unsigned depth; /* of nested arrays and objects; 1 = a flat one */
    unsigned nodes; /* values of any kind */
    /* A number beyond a double, or of more than JSON_NUMBER_LENGTH characters, becomes ±1e308
     * instead of spoiling the whole text: for a caller that refuses large numbers one by one. */
    bool caps_numbers;
};

#define JSON_NUMBER_LENGTH 500

/* Parses text[0..length). Refuses duplicate keys, NUL (raw or \u0000), invalid UTF-8, numbers
 * beyond a double (but see caps_numbers), anything after the value. 'text' is written to: whole
 * numbers beyond 64 bits become doubles, and escaped lone surrogates U+FFFD, which *ret_repaired
 * tells: the caller refuses them in ids. 'ret_repaired' may be NULL: then a lone surrogate is
 * refused. Returns a new reference, or NULL with *ret_fault set (ERR_INVALID, ERR_TOO_LARGE). */
json_t *json_parse(char *text, size_t length, const struct json_limits *limits, bool *ret_repaired,
                   struct fault *ret_fault) must_use;

/* "null", "boolean", "integer", "number", "string", "array" or "object" */
const char *json_kind_name(const json_t *value);

/* Appends a quoted, escaped string; 's' is valid UTF-8. '<' is escaped too, so that a reply that
 * lands in a page cannot close a script element. */
void json_add_string(struct buf *b, const char *s);
void json_add_string_n(struct buf *b, const char *s, size_t length);
/* Shortest decimal that reads back as the same double; null when it is not finite. */
void json_add_number(struct buf *b, double value);
void json_add_int(struct buf *b, int64_t value);
/* Appends any tree, compact, with keys in their order and numbers as json_add_number writes them.
 * */
void json_add_value(struct buf *b, const json_t *value);
/* Appends ',' unless the buffer ends in an opening bracket, then '"key":'. */
void json_add_key(struct buf *b, const char *key);
/* The same for a name of our own, which holds nothing to escape. */
void json_add_name(struct buf *b, const char *name);
/* Appends ',' unless the buffer ends in an opening bracket or a colon. */
void json_add_comma(struct buf *b);

/* Returns a member, borrowed from the object; NULL where there is none, and where it is null: who
 * sends null says nothing. */
static inline json_t *json_member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

/* Returns the text of a member, borrowed from the object; NULL when there is no such member, or it
 * is no text. */
static inline const char *json_text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The same, or 'otherwise'. */
static inline const char *json_text_or(const json_t *object, const char *name,
                                       const char *otherwise)
{
    const char *text = json_text_at(object, name);
    return text ? text : otherwise;
}

void json_cleanup_decref(json_t **value);
/* cleanup attribute for a 'json_t *' local that owns a reference */
#define auto_json __attribute__((cleanup(json_cleanup_decref)))
