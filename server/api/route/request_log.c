// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/request_log.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "base/text.h"

#include <string.h>
#include <sys/random.h>

#define ID_MOST      64
#define CHANCE_BYTES 8

static bool is_well_formed(const char *id)
{
    size_t length = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_");
    return length > 0 && length <= ID_MOST && id[length] == '\0';
}

/* Chance once a process, then counting: no two of a machine, or of a year, are alike. */
static const char *make(struct arena *arena)
{
    static char chance[2 * CHANCE_BYTES + 1];
    static uint32_t count;
    static const char digits[] = "0123456789abcdef";
    if (count == 0) {
        uint8_t bytes[CHANCE_BYTES];
        must(getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes));
        text_hex(bytes, sizeof(bytes), chance);
    }
    char *id = arena_alloc(arena, 2 * CHANCE_BYTES + 9);
    char *at = id + 2 * CHANCE_BYTES + 8;
    *at = '\0';
    uint32_t number = ++count;
    for (int i = 0; i < 8; i++, number >>= 4)
        *--at = digits[number & 15];
    return memcpy(id, chance, 2 * CHANCE_BYTES);
}

void request_log_begin(struct http_request *request)
{
    const char *sent = http_header(request, "x-request-id");
    request->id = sent && is_well_formed(sent) ? sent : make(request->arena);
    http_reply_header(request, "X-Request-Id", request->id);
}

const char *request_log_member(const struct http_request *request)
{
    return arena_printf(request->arena, ",\"request\":\"%s\"", request->id);
}

/* A server that is away or full answers 503 by the thousand: the counters tell. */
static enum log_level level_of(int status)
{
    return status == 500 ? LOG_ERROR : LOG_DEBUG;
}

const char *request_log_verb(enum http_verb verb)
{
    static const char *const words[] = {
        [VERB_GET] = "GET",         [VERB_HEAD] = "HEAD",   [VERB_POST] = "POST",
        [VERB_PUT] = "PUT",         [VERB_PATCH] = "PATCH", [VERB_DELETE] = "DELETE",
        [VERB_OPTIONS] = "OPTIONS", [VERB_OTHER] = "other",
    };
    return words[verb];
}

static void write_line(const struct http_request *request, const struct route *route, int status,
                       int64_t took_us)
{
    auto_buf struct buf members = {0};
    buf_printf(&members,
               ",\"request\":\"%s\",\"method\":\"%s\",\"route\":", request->id ? request->id : "",
               request_log_verb(request->verb));
    json_add_string(&members, route ? route->path : "");
    buf_printf(&members, ",\"status\":%d,\"took_us\":%lld,\"bytes\":%zu", status,
               (long long)took_us, request->body_bytes);
    log_line_with(level_of(status), members.data, "request");
}

void request_log_end(const struct http_request *request, const struct route *route,
                     const struct route_table *table, int status, int64_t took_us)
{
    size_t index = route ? (size_t)(route - table->rows) + 1 : 0;
    counter_request(index, status, took_us > 0 ? (uint64_t)took_us : 0);
    if (log_is_on(level_of(status)))
        write_line(request, route, status, took_us);
}
