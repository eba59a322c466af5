// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/route.h"

#include "api/route/problem.h"
#include "base/mem.h"

#include <string.h>

/* Where the raw value of a {name} stands in the path. */
struct piece {
    const char *at;
    size_t length;
};

/* Does the raw path fit the pattern? A {name} takes one segment that is not empty. */
static bool fits(const char *pattern, const char *path, struct piece pieces[ROUTE_PARAMS])
{
    size_t count = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t length = strcspn(path, "/");
        if (length == 0)
            return false;
        must(count < ROUTE_PARAMS);
        pieces[count++] = (struct piece){path, length};
        path += length;
        pattern = strchr(pattern, '}');
        must(pattern);
        pattern++;
    }
    for (; count < ROUTE_PARAMS; count++)
        pieces[count] = (struct piece){0};
    return *path == '\0';
}

static enum err decode(struct arena *arena, const struct piece pieces[ROUTE_PARAMS],
                       struct route_match *match)
{
    for (size_t i = 0; i < ROUTE_PARAMS && pieces[i].at; i++) {
        match->params[i] = http_decode(arena, pieces[i].at, pieces[i].length);
        if (!match->params[i])
            return ERR_INVALID;
    }
    return ERR_OK;
}

static void write_allow(unsigned verbs, char *out)
{
    static const struct {
        enum http_verb verb;
        const char *name;
    } names[] = {{VERB_GET, "GET"},        {VERB_HEAD, "HEAD"},   {VERB_POST, "POST"},
                 {VERB_PUT, "PUT"},        {VERB_PATCH, "PATCH"}, {VERB_DELETE, "DELETE"},
                 {VERB_OPTIONS, "OPTIONS"}};
    *out = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!(verbs & 1u << names[i].verb))
            continue;
        if (*out)
            strcat(out, ", ");
        strcat(out, names[i].name);
    }
}

enum err route_find(const struct route_table *table, const struct http_request *request,
                    struct route_match *ret_match, char *ret_allow)
{
    enum http_verb verb = request->verb == VERB_HEAD ? VERB_GET : request->verb;
    unsigned verbs = 0;
    struct piece pieces[ROUTE_PARAMS];
    for (size_t i = 0; i < table->count; i++) {
        const struct route *route = &table->rows[i];
        if (!fits(route->path, request->path, pieces))
            continue;
        if (route->verb != verb) {
            verbs |= 1u << route->verb;
            if (route->verb == VERB_GET)
                verbs |= 1u << VERB_HEAD;
            continue;
        }
        struct route_match match = {.route = route};
        enum err err = decode(request->arena, pieces, &match);
        if (err == ERR_OK)
            *ret_match = match;
        return err;
    }
    if (!verbs)
        return ERR_NOT_FOUND;
    write_allow(verbs, ret_allow);
    return ERR_METHOD;
}

void route_reply_absent(struct http_request *request, enum err err, const char *allow)
{
    if (err == ERR_METHOD)
        problem_method(request, allow);
    else if (err == ERR_NOT_FOUND)
        problem_say(request, err, "", "there is nothing at this path");
    else
        problem_say(request, err, "", "the path is not well formed");
}
