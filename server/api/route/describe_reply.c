// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/describe_private.h"

#include "api/route/problem.h"

#include <stdio.h>
#include <string.h>

static void add_page(struct buf *b, const struct route_reply *reply)
{
    buf_add_str(b, "{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
                   "\"additionalProperties\":false,\"properties\":{\"items\":{\"type\":\"array\","
                   "\"items\":");
    describe_add_object(b, reply->schema, reply->fields);
    buf_add_str(b, "},\"next\":{\"type\":[\"string\",\"null\"],\"description\":\"where the next "
                   "page begins; null: this is the last\"}}}");
}

static void add_schema(struct buf *b, const struct route_reply *reply)
{
    if (strcmp(reply->type, DESCRIBE_JSON) != 0)
        buf_add_str(b, "{\"type\":\"string\"}");
    else if (reply->is_page)
        add_page(b, reply);
    else
        describe_add_object(b, reply->shape ? reply->shape->name : reply->schema, reply->fields);
}

/* Does a reply before 'at' have its type? */
static bool is_type_done(const struct route_reply *first, const struct route_reply *at)
{
    for (const struct route_reply *r = first; r < at; r++)
        if (strcmp(r->type, at->type) == 0)
            return true;
    return false;
}

/* Replies of one type are alternatives. */
static void add_schemas_of_type(struct buf *b, const struct route_reply *at,
                                const struct route_reply *end)
{
    bool is_choice = end - at > 1 && strcmp(at[1].type, at->type) == 0;
    if (is_choice)
        buf_add_str(b, "{\"anyOf\":[");
    for (const struct route_reply *r = at; r < end; r++) {
        if (strcmp(r->type, at->type) != 0)
            continue;
        json_add_comma(b);
        add_schema(b, r);
    }
    if (is_choice)
        buf_add_str(b, "]}");
}

/* What is refused in another form too, a page, stands beside the problem document. */
static bool is_problem(unsigned problems, int status)
{
    for (enum err e = ERR_INVALID; e < ERR_COUNT; e++)
        if (problems & ROUTE_PROBLEM(e) && problem_status(e) == status)
            return true;
    return false;
}

static void add_content(struct buf *b, const struct route_reply *first,
                        const struct route_reply *end, unsigned problems)
{
    describe_begin_object(b, "content");
    if (is_problem(problems, first->status)) {
        describe_begin_object(b, DESCRIBE_PROBLEM);
        json_add_key(b, "schema");
        describe_add_reference(b, "problem");
        buf_add_char(b, '}');
    }
    for (const struct route_reply *r = first; r < end; r++) {
        if (is_type_done(first, r))
            continue;
        describe_begin_object(b, r->type);
        json_add_key(b, "schema");
        add_schemas_of_type(b, r, end);
        buf_add_char(b, '}');
    }
    buf_add_char(b, '}');
}

/* Replies of one status stand side by side in the table. Returns the first of the next one. */
static const struct route_reply *add_reply(struct buf *b, const struct route_reply *first,
                                           unsigned problems)
{
    const struct route_reply *end = first + 1;
    char status[8];
    while (end->status == first->status)
        end++;
    snprintf(status, sizeof(status), "%d", first->status);
    describe_begin_object(b, status);
    describe_add_text(b, "description", first->meaning);
    if (first->type)
        add_content(b, first, end, problems);
    buf_add_char(b, '}');
    return end;
}

static unsigned problems_of(const struct description *d, const struct route *route)
{
    unsigned all = route->problems;
    if (route->role != ROLE_NONE)
        all |= d->problems | ROUTE_PROBLEM(ERR_UNAUTHORIZED) | ROUTE_PROBLEM(ERR_FORBIDDEN);
    if (route->body.bytes)
        all |= ROUTE_PROBLEM(ERR_INVALID) | ROUTE_PROBLEM(ERR_TOO_LARGE);
    if (route->query || strchr(route->path, '{'))
        all |= ROUTE_PROBLEM(ERR_INVALID);
    return all;
}

static void add_problem(struct buf *b, const char *status, const char *meaning)
{
    describe_begin_object(b, status);
    describe_add_text(b, "description", meaning);
    describe_begin_content(b, DESCRIBE_PROBLEM);
    describe_add_reference(b, "problem");
    buf_add_str(b, "}}}");
}

static bool is_said(const struct route *route, int status)
{
    for (const struct route_reply *reply = route->replies; reply && reply->status; reply++)
        if (reply->status == status)
            return true;
    return false;
}

/* Several errors may share a status. */
static void add_problems(struct buf *b, const struct route *route, unsigned problems)
{
    bool is_done[600] = {false};
    char status[8];
    for (enum err e = ERR_INVALID; e < ERR_COUNT; e++) {
        int number = problem_status(e);
        if (!(problems & ROUTE_PROBLEM(e)) || is_done[number] || is_said(route, number))
            continue;
        is_done[number] = true;
        snprintf(status, sizeof(status), "%d", number);
        add_problem(b, status, problem_title(number));
    }
    if (route->body.bytes)
        add_problem(b, "415", problem_title(415));
    add_problem(b, "default", "refused by HTTP itself, before the route was asked");
}

void describe_responses(struct buf *b, const struct description *d, const struct route *route)
{
    unsigned problems = problems_of(d, route);
    describe_begin_object(b, "responses");
    for (const struct route_reply *reply = route->replies; reply && reply->status;)
        reply = add_reply(b, reply, problems);
    add_problems(b, route, problems);
    buf_add_char(b, '}');
}
