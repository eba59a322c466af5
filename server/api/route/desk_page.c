// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/desk_page.h"

#include "api/route/problem.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "store/page.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_MOST 500

const struct field desk_page_query[] = {DESK_PAGE_QUERY, {0}};

static enum err read_limit(const struct desk_request *r, int *ret, struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(r->http, "limit", &e);
    if (!text && !e)
        text = desk_page_query[0].initial;
    long limit = text && strspn(text, "0123456789") == strlen(text) ? strtol(text, NULL, 10) : 0;
    if (limit < 1 || limit > LIMIT_MOST)
        return fault_set(fault, ERR_INVALID, "", "limit must be a number from 1 to %d", LIMIT_MOST);
    *ret = (int)limit;
    return ERR_OK;
}

bool desk_page_read(struct desk_request *r, struct desk_page *ret)
{
    struct fault fault;
    int limit;
    enum err e = ERR_OK;
    if (read_limit(r, &limit, &fault)) {
        problem_reply(r->http, &fault);
        return false;
    }
    ret->rows = limit + 1;
    ret->after = http_query(r->http, "after", &e);
    if (e)
        problem_say(r->http, e, "", "the parameter after is not well formed");
    return e == ERR_OK;
}

static void add_item(struct buf *body, const char *item, desk_item_fn *add, const void *arg)
{
    if (!item)
        return;
    json_add_comma(body);
    if (add)
        add(arg, item, body);
    else
        buf_add_str(body, item);
}

void desk_page_reply(struct desk_request *r, const PGresult *result, desk_item_fn *add,
                     const void *arg)
{
    auto_buf struct buf body = {0};
    struct fault fault;
    int limit;
    must(read_limit(r, &limit, &fault) == ERR_OK);
    int there = page_count(result), count = there > limit ? limit : there;
    struct page_row row = {0};
    buf_add_str(&body, "{\"items\":[");
    for (int i = 0; i < count; i++) {
        page_read(result, i, &row);
        add_item(&body, row.item, add, arg);
    }
    buf_add_str(&body, "],\"next\":");
    if (there > limit)
        json_add_string(&body, row.cursor);
    else
        buf_add_str(&body, "null");
    buf_add_str(&body, "}\n");
    desk_reply_json(r, 200, body.data, body.length);
}
