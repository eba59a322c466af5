// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files of describe write the document with, and the part of it that says what a route
 * answers.
 */
#pragma once

#include "api/route/describe.h"
#include "base/json/json.h"

#define DESCRIBE_JSON        "application/json"
#define DESCRIBE_MERGE_PATCH "application/merge-patch+json"
#define DESCRIBE_PROBLEM     "application/problem+json"

static inline void describe_add_text(struct buf *b, const char *key, const char *value)
{
    json_add_key(b, key);
    json_add_string(b, value);
}

static inline void describe_begin_object(struct buf *b, const char *key)
{
    json_add_key(b, key);
    buf_add_char(b, '{');
}

static inline void describe_add_reference(struct buf *b, const char *schema)
{
    buf_printf(b, "{\"$ref\":\"#/components/schemas/%s\"}", schema);
}

/* "content":{"<type>":{"schema": , and leaves the two braces open. */
static inline void describe_begin_content(struct buf *b, const char *type)
{
    describe_begin_object(b, "content");
    describe_begin_object(b, type);
    json_add_key(b, "schema");
}

static inline void describe_add_object(struct buf *b, const char *schema,
                                       const struct field *fields)
{
    if (schema)
        describe_add_reference(b, schema);
    else if (fields)
        field_describe(fields, b);
    else
        buf_add_str(b, "{\"type\":\"object\"}");
}

/* Appends "responses":{…}: the replies of the row, and the problems that it names or that follow
 * from it. */
void describe_responses(struct buf *b, const struct description *d, const struct route *route);
