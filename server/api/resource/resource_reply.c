// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/resource_reply.h"

#include "api/route/problem.h"
#include "base/mem.h"

#include <string.h>

/* Our own documents: a phase wraps an audience that is as deep as may be. By other hands than ours
 * a number may stand there that no double holds. */
static const struct json_limits view_limits = {
    .bytes = 256 << 20, .depth = 64, .nodes = 1 << 26, .caps_numbers = true};

json_t *resource_parse(const char *text)
{
    size_t length = strlen(text);
    auto_free char *writable = mem_strdup(text);
    struct fault fault;
    return json_parse(writable, length, &view_limits, NULL, &fault);
}

static const char *location(const struct desk_request *r, const struct resource *resource,
                            const json_t *view)
{
    const json_t *key = json_object_get(view, resource->key);
    struct arena *arena = r->http->arena;
    return json_is_string(key)
               ? arena_printf(arena, "/api/v1/%s/%s", resource->path, json_string_value(key))
               : arena_printf(arena, "/api/v1/%s/%lld", resource->path,
                              (long long)json_integer_value(key));
}

void resource_reply(struct desk_request *r, const struct resource *resource, int status,
                    const json_t *view, int64_t version, const json_t *reveal)
{
    auto_json json_t *shown = json_copy((json_t *)(uintptr_t)view);
    auto_buf struct buf body = {0};
    if (reveal)
        must(json_object_update(shown, (json_t *)(uintptr_t)reveal) == 0);
    field_write(resource->fields, shown, &body);
    buf_add_char(&body, '\n');
    char etag[32];
    snprintf(etag, sizeof(etag), "\"%lld\"", (long long)version);
    http_reply_header(r->http, "ETag", etag);
    if (status == 201)
        http_reply_header(r->http, "Location", location(r, resource, view));
    desk_reply_json(r, status, body.data, body.length);
}

void resource_reply_unreadable(struct desk_request *r, const struct resource *resource)
{
    problem_say(r->http, ERR_INTERNAL, "", RESOURCE_UNREADABLE, resource->noun);
}

void resource_reply_absent(struct desk_request *r, const struct resource *resource)
{
    problem_say(r->http, ERR_NOT_FOUND, "", "there is no %s %s", resource->noun,
                r->match.params[0]);
}
