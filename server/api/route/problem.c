// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/problem.h"

#include "base/json/json.h"

#include <stdarg.h>
#include <stdio.h>

#define CONTENT_TYPE "application/problem+json"

const struct field problem_fields[] = {
    {.name = "type",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .meaning = "about:blank: the status says it"},
    {.name = "title",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .meaning = "the status in words"},
    {.name = "status", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .meaning = "the status"},
    {.name = "code",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .meaning = "a stable word for programs"},
    {.name = "detail",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .meaning = "a sentence for a person"},
    {.name = "pointer", .kind = FIELD_TEXT, .meaning = "where in the body (RFC 6901)"},
    {0},
};

static const int statuses[ERR_COUNT] = {
    [ERR_OK] = 500,        [ERR_INVALID] = 400,   [ERR_NOT_FOUND] = 404,    [ERR_CONFLICT] = 409,
    [ERR_STALE] = 412,     [ERR_FORBIDDEN] = 403, [ERR_UNAUTHORIZED] = 401, [ERR_METHOD] = 405,
    [ERR_TOO_LARGE] = 413, [ERR_LIMITED] = 429,   [ERR_BUSY] = 503,         [ERR_UNAVAILABLE] = 503,
    [ERR_IO] = 500,        [ERR_INTERNAL] = 500,
};

static const struct title {
    int status;
    const char *title;
    const char *code;
} titles[] = {
    {400, "Bad Request", "invalid"},
    {401, "Unauthorized", "unauthorized"},
    {403, "Forbidden", "forbidden"},
    {404, "Not Found", "not_found"},
    {405, "Method Not Allowed", "method_not_allowed"},
    {408, "Request Timeout", "timeout"},
    {409, "Conflict", "conflict"},
    {412, "Precondition Failed", "stale"},
    {413, "Content Too Large", "too_large"},
    {415, "Unsupported Media Type", "unsupported_media_type"},
    {417, "Expectation Failed", "expectation_failed"},
    {421, "Misdirected Request", "misdirected"},
    {429, "Too Many Requests", "limited"},
    {431, "Request Header Fields Too Large", "headers_too_large"},
    {500, "Internal Server Error", "internal"},
    {501, "Not Implemented", "not_implemented"},
    {503, "Service Unavailable", "unavailable"},
    {505, "HTTP Version Not Supported", "http_version"},
};

int problem_status(enum err code)
{
    return statuses[code < ERR_COUNT ? code : ERR_INTERNAL];
}

static const struct title *title_of(int status)
{
    static const struct title other = {0, "Error", "error"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (titles[i].status == status)
            return &titles[i];
    return &other;
}

const char *problem_title(int status)
{
    return title_of(status)->title;
}

static void write_problem(struct buf *b, int status, const char *pointer, const char *detail)
{
    const struct title *t = title_of(status);
    buf_printf(
        b, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"detail\":",
        t->title, status, t->code);
    json_add_string(b, detail);
    if (pointer) {
        buf_add_str(b, ",\"pointer\":");
        json_add_string(b, pointer);
    }
    buf_add_str(b, "}\n");
}

static void reply(struct http_request *request, int status, const char *pointer, const char *detail)
{
    auto_buf struct buf body = {0};
    write_problem(&body, status, pointer, detail);
    if (status == 401)
        http_reply_header(request, "WWW-Authenticate", "Bearer");
    if (status == 503)
        http_reply_header(request, "Retry-After", "1");
    http_reply(request, status, CONTENT_TYPE, body.data, body.length);
}

void problem_reply(struct http_request *request, const struct fault *fault)
{
    bool is_in_body = fault->code == ERR_INVALID || fault->pointer[0] != '\0';
    reply(request, problem_status(fault->code), is_in_body ? fault->pointer : NULL, fault->detail);
}

void problem_say(struct http_request *request, enum err code, const char *pointer,
                 const char *format, ...)
{
    struct fault fault;
    char detail[sizeof(fault.detail)];
    va_list ap;
    va_start(ap, format);
    vsnprintf(detail, sizeof(detail), format, ap);
    va_end(ap);
    fault_set(&fault, code, pointer, "%s", detail);
    problem_reply(request, &fault);
}

void problem_method(struct http_request *request, const char *allow)
{
    char detail[160];
    snprintf(detail, sizeof(detail), "this path answers only %s", allow);
    http_reply_header(request, "Allow", allow);
    reply(request, 405, NULL, detail);
}

void problem_media_type(struct http_request *request, const char *taken)
{
    char detail[160];
    snprintf(detail, sizeof(detail), "the body must be %s", taken);
    reply(request, 415, NULL, detail);
}

void problem_misdirected(struct http_request *request)
{
    reply(request, 421, NULL, "the desk is not known by this Host: name it in desk_hosts");
}

void problem_limited(struct http_request *request, uint64_t wait_us, const char *detail)
{
    char seconds[24];
    snprintf(seconds, sizeof(seconds), "%llu", (unsigned long long)(wait_us / 1000000 + 1));
    http_reply_header(request, "Retry-After", seconds);
    reply(request, 429, NULL, detail);
}

const char *problem_error_body(void *arg, struct arena *arena, int status, const char *detail,
                               const char **ret_content_type)
{
    (void)arg;
    auto_buf struct buf body = {0};
    write_problem(&body, status, NULL, detail);
    *ret_content_type = CONTENT_TYPE;
    return arena_strndup(arena, body.data, body.length);
}
