// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/export.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "base/mem.h"
#include "store/export.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *path_end;
    enum export_kind kind;
} kinds[] = {
    {"/exposures", EXPORT_EXPOSURES},
    {"/outcomes", EXPORT_OUTCOMES},
    {"/events", EXPORT_EVENTS},
};

static enum export_kind kind_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(strrchr(route->path, '/'), kinds[i].path_end) == 0)
            return kinds[i].kind;
    mem_die("a route of exports without a kind");
}

/* One more row than asked for was read: whether it is there tells whether there is a next page. */
static void write_page(struct buf *body, const PGresult *result, int limit)
{
    int there = export_count(result), count = there > limit ? limit : there;
    buf_add_str(body, "{\"items\":[");
    for (int row = 0; row < count; row++) {
        const char *item = export_item(result, row);
        if (!item)
            continue;
        json_add_comma(body);
        buf_add_str(body, item);
    }
    desk_page_close(body, there > limit ? export_cursor(result, count - 1) : NULL);
}

static void on_page(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    struct fault fault;
    int limit;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    if (!export_is_there(answer->result)) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no campaign with this key");
        return;
    }
    auto_buf struct buf body = {0};
    must(desk_request_limit(r, &limit, &fault) == ERR_OK);
    write_page(&body, answer->result, limit);
    desk_reply_json(r, 200, body.data, body.length);
}

static enum err read_phase(const struct http_request *request, int *ret, struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(request, "phase", &e);
    *ret = 0;
    if (!e && !text)
        return ERR_OK;
    char *end = NULL;
    long number = e ? 0 : strtol(text, &end, 10);
    if (e || end == text || *end || number < 1 || number > 1000000)
        return fault_set(fault, ERR_INVALID, "",
                         "the parameter phase must be a whole number from 1 to 1000000");
    *ret = (int)number;
    return ERR_OK;
}

void export_read(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    struct export_page page = {.kind = kind_of(match->route),
                               .environment_id = r->environment_id,
                               .campaign = match->params[0]};
    struct fault fault;
    enum err e = desk_request_limit(r, &page.limit, &fault);
    e = e ? e : read_phase(request, &page.phase, &fault);
    if (!e) {
        page.limit++;
        page.after = http_query(request, "after", &e);
        if (e)
            fault_set(&fault, e, "", "the parameter after is not well formed");
    }
    e = e ? e : export_send(r->desk->pg, &page, on_page, r, &fault);
    if (e)
        problem_reply(request, &fault);
}
