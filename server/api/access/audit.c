// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/audit.h"

#include "api/route/desk_page.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "model/admin/audit.h"
#include "store/access/audit.h"

#include <stdlib.h>
#include <string.h>

#define TIME_DIGITS 17
#define ID_DIGITS   18

/* "<microseconds>_<number>"; NULL: from the newest. */
static bool read_cursor(const char *after, struct audit_question *ret)
{
    if (!after)
        return true;
    size_t time = strspn(after, "0123456789");
    if (time == 0 || time > TIME_DIGITS || after[time] != '_')
        return false;
    const char *id = after + time + 1;
    size_t digits = strlen(id);
    if (digits == 0 || digits > ID_DIGITS || strspn(id, "0123456789") != digits)
        return false;
    ret->after_us = strtoll(after, NULL, 10);
    ret->after_id = strtoll(id, NULL, 10);
    return ret->after_us > 0 && ret->after_id > 0;
}

static enum err read_text(const struct http_request *http, const char *name, const char **ret,
                          struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(http, name, &e);
    if (e || (text && !text_is_id(text, strlen(text))))
        return fault_set(fault, ERR_INVALID, "", "%s must be 1 to 256 bytes of printable text",
                         name);
    *ret = text;
    return ERR_OK;
}

static enum err read_time(const struct http_request *http, const char *name, int64_t *ret,
                          struct fault *fault)
{
    enum err e = ERR_OK;
    int64_t us = 0;
    const char *text = http_query(http, name, &e);
    if (e || (text && !clock_parse(text, strlen(text), &us)))
        return fault_set(fault, ERR_INVALID, "",
                         "%s must be a day or a time, as 2026-01-31 or 2026-01-31T12:00:00Z", name);
    *ret = us;
    return ERR_OK;
}

static enum err read_question(const struct http_request *http, struct audit_question *ret,
                              struct fault *fault)
{
    enum err e = read_text(http, "actor", &ret->actor, fault);
    if (!e)
        e = read_text(http, "action", &ret->action, fault);
    if (!e)
        e = read_text(http, "resource", &ret->resource, fault);
    if (!e)
        e = read_time(http, "from", &ret->since_us, fault);
    if (!e)
        e = read_time(http, "to", &ret->before_us, fault);
    if (!e && ret->before_us && ret->before_us <= ret->since_us)
        e = fault_set(fault, ERR_INVALID, "", "to must be later than from");
    return e;
}

static void list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct fault fault;
    struct desk_page page;
    if (!desk_page_read(r, &page))
        return;
    struct audit_question question = {
        .environment_id = r->environment_id,
        .has_global = r->holder.role == ROLE_ADMIN,
        .rows = page.rows - 1,
    };
    if (!read_cursor(page.after, &question))
        problem_say(request, ERR_INVALID, "", "the parameter after is no cursor");
    else if (read_question(request, &question, &fault))
        problem_reply(request, &fault);
    else
        audit_send_list(r->pg, &question, desk_reply_view, r);
}

static const struct field query[] = {
    {.name = "actor",
     .kind = FIELD_TEXT,
     .meaning = "by whom: user:<id>, an e-mail address, key:<id>, a key's name, system, unknown"},
    {.name = "action",
     .kind = FIELD_TEXT,
     .meaning = "of this action, or one half of it: campaign.start, campaign, start, refuse, read"},
    {.name = "resource", .kind = FIELD_TEXT, .meaning = "about what: its key, or its name"},
    {.name = "from", .kind = FIELD_TIME, .meaning = "since this time; a day begins at UTC"},
    {.name = "to", .kind = FIELD_TIME, .meaning = "before this time"},
    DESK_PAGE_QUERY,
    {0},
};

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "a page of lines",
     .type = "application/json",
     .fields = audit_page_fields,
     .schema = "audit_page"},
    {0},
};

const struct route audit_routes[] = {
    {.verb = VERB_GET,
     .path = DESK_API "/audit",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .handler = list,
     .summary = "Lists changes, refusals and readings, newest first; those of people and sign-ins "
                "for admins alone"},
    {0},
};
