// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/client.h"

#include "base/json/json.h"
#include "base/mem.h"

#include <string.h>

static const struct {
    int status;
    enum err code;
} statuses[] = {
    {401, ERR_UNAUTHORIZED}, {403, ERR_FORBIDDEN}, {404, ERR_NOT_FOUND}, {409, ERR_CONFLICT},
    {412, ERR_STALE},        {413, ERR_TOO_LARGE}, {429, ERR_BUSY},      {503, ERR_UNAVAILABLE},
};

static enum err status_err(int status)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (statuses[i].status == status)
            return statuses[i].code;
    return status >= 400 && status < 500 ? ERR_INVALID : ERR_INTERNAL;
}

/* Exports hold events as they are stored: nested ones, and numbers beyond what a double holds. */
static json_t *parse(const struct client_reply *reply)
{
    static const struct json_limits limits = {
        .bytes = 1 << 30, .depth = 2000, .nodes = 1 << 28, .caps_numbers = true};
    auto_free char *text = mem_alloc(reply->body_bytes + 1);
    struct fault fault;
    bool is_repaired;
    memcpy(text, reply->body, reply->body_bytes);
    text[reply->body_bytes] = '\0';
    return json_parse(text, reply->body_bytes, &limits, &is_repaired, &fault);
}

enum err client_reply_err(const struct client_reply *reply, struct fault *ret_fault)
{
    if (reply->status == 0)
        return fault_set(ret_fault, ERR_IO, "", "the server gave no answer: %s", reply->why);
    if (reply->status >= 200 && reply->status < 300)
        return ERR_OK;
    auto_json json_t *problem = reply->body_bytes ? parse(reply) : NULL;
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *pointer = json_string_value(json_object_get(problem, "pointer"));
    enum err code = status_err(reply->status);
    if (detail)
        return fault_set(ret_fault, code, pointer ? pointer : "", "%s", detail);
    return fault_set(ret_fault, code, "", "the server answered with status %d", reply->status);
}

struct call {
    enum err code;
    struct fault *fault;
    json_t *json;
};

static void on_reply(void *arg, const struct client_reply *reply)
{
    struct call *call = arg;
    call->code = client_reply_err(reply, call->fault);
    if (call->code || reply->body_bytes == 0)
        return;
    call->json = parse(reply);
    if (!call->json)
        call->code = fault_set(call->fault, ERR_INTERNAL, "", "the server's answer is not JSON");
}

enum err client_call(struct client *c, const char *method, const char *url, const char *body,
                     json_t **ret_json, struct fault *ret_fault)
{
    struct call call = {.fault = ret_fault};
    bool is_read = strcmp(method, "GET") == 0;
    client_send(c, &(struct client_request){.method = method,
                                            .url = url,
                                            .body = body,
                                            .body_bytes = body ? strlen(body) : 0,
                                            .is_repeatable = is_read,
                                            .fn = on_reply,
                                            .arg = &call});
    client_wait(c, 0);
    if (ret_json && !call.code)
        *ret_json = call.json;
    else
        json_decref(call.json);
    return call.code;
}
