// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch/watch_page.h"

#include "api/route/desk_request.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "api/watch/watch.h"
#include "api/watch/watch_text.h"
#include "base/json/json.h"
#include "engine/fold/backlog.h"
#include "io/net/host.h"
#include "io/net/ip.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define TYPE "text/plain; version=0.0.4; charset=utf-8"
/* A fold that is further behind has stopped, or cannot keep up. */
#define FOLD_LAG_MOST_S 60.0

static bool has_token(const struct http_request *request, const char *token)
{
    const char *sent = http_header(request, "authorization");
    size_t length = strlen(token);
    return sent && strncasecmp(sent, "Bearer ", 7) == 0 && strlen(sent + 7) == length &&
           sodium_memcmp(sent + 7, token, length) == 0;
}

/* A page of another name is not from near, whatever it makes the name lead to. A proxy that is
 * known to be one speaks for anybody, whether it says so or not. */
static bool is_from_near(const struct desk_request *r)
{
    struct ip ip;
    const struct http_request *request = r->http;
    const char *peer = request->peer_address;
    const char *host = http_header(request, "host");
    return (!host || host_names_hold(r->desk->hosts, host)) &&
           !guard_is_proxy(r->desk->guard, request) && ip_parse(peer, strlen(peer), &ip) &&
           ip_is_private(&ip) && !http_header(request, "x-forwarded-for") &&
           !http_header(request, "forwarded") && !http_header(request, "via");
}

/* A label's value: its own quotes and backslashes are escaped. */
static void add_label(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_add_char(b, '\\');
        buf_add_char(b, *value);
    }
    buf_add_char(b, '"');
}

static void add_labels(struct buf *b, const char *name, const struct backlog_value *v)
{
    if (name)
        add_label(b, name, v->subject);
    if (!v->reason)
        return;
    buf_add_char(b, ',');
    add_label(b, "reason", v->reason);
    buf_add_char(b, ',');
    add_label(b, "event", v->event);
}

static void write_backlog(struct buf *b, const struct backlog_value *values, size_t count)
{
    int64_t last = -1;
    for (size_t i = 0; i < count; i++) {
        const struct backlog_value *v = &values[i];
        const struct backlog_row *row = &backlog_rows[v->measure];
        auto_buf struct buf label = {0};
        add_labels(&label, row->label, v);
        if (v->measure != last)
            watch_text_head(b, row->name, "gauge", row->help);
        watch_text_sample(b, row->name, row->label ? label.data : NULL, v->value);
        last = v->measure;
    }
}

static void on_metrics(void *arg, const struct backlog_value *values, size_t count)
{
    struct desk_request *r = arg;
    auto_buf struct buf b = {0};
    watch_write(&b, r->desk->watch);
    watch_text_head(&b, "mete_database_answers", "gauge",
                    "1 when PostgreSQL answered this request's question in time.");
    watch_text_sample(&b, "mete_database_answers", NULL, values != NULL);
    write_backlog(&b, values, count);
    http_reply_header(r->http, "Cache-Control", "no-store");
    http_reply(r->http, 200, TYPE, b.data, b.length);
}

static void show_metrics(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    const char *token = r->desk->watch->token;
    if (token[0] && !has_token(request, token))
        problem_say(request, ERR_UNAUTHORIZED, "", "send the metrics token: Authorization: Bearer");
    else if (!token[0] && !is_from_near(r))
        problem_say(request, ERR_FORBIDDEN, "",
                    "set metrics_token to read this from afar, through a proxy or by another name");
    else
        backlog_ask(r->desk->backlog, on_metrics, r);
}

static void on_ready(void *arg, const struct backlog_value *values, size_t count)
{
    struct desk_request *r = arg;
    bool is_lagging = false, is_up = values && desk_lanes_are_up(r->desk);
    for (size_t i = 0; i < count; i++)
        is_lagging |= values[i].measure == BACKLOG_FOLD_LAG && values[i].value > FOLD_LAG_MOST_S;
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"status\":\"%s\",\"degraded\":[",
               !is_up       ? "not_ready"
               : is_lagging ? "degraded"
                            : "ready");
    if (!is_up)
        json_add_string(&b, "database_away");
    if (is_lagging)
        json_add_string(&b, "fold_lag");
    buf_add_str(&b, "]}\n");
    if (!is_up)
        http_reply_header(r->http, "Retry-After", "1");
    desk_reply_json(r, is_up ? 200 : 503, b.data, b.length);
}

static void show_readiness(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    backlog_ask(r->desk->backlog, on_ready, r);
}

static const char *const ready_words[] = {"ready", "degraded", "not_ready", NULL};
static const struct field cause = {.kind = FIELD_TEXT};
static const struct field ready_fields[] = {
    {.name = "status",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = ready_words,
     .meaning = "degraded: it serves, but something lags"},
    {.name = "degraded",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &cause,
     .meaning = "what is not as it should be"},
    {0},
};
#define READY .type = "application/json", .fields = ready_fields
static const struct route_reply ready_replies[] = {
    {.status = 200, .meaning = "it serves", READY},
    {.status = 503, .meaning = "the database is away", READY},
    {0},
};
static const struct route_reply metrics_replies[] = {
    {.status = 200, .meaning = "the metrics", .type = "text/plain"},
    {0},
};

const struct route watch_routes[] = {
    {.verb = VERB_GET,
     .path = "/readyz",
     .replies = ready_replies,
     .handler = show_readiness,
     .summary = "Whether the database is there, and what lags"},
    {.verb = VERB_GET,
     .path = "/metrics",
     .replies = metrics_replies,
     .problems = ROUTE_PROBLEM(ERR_UNAUTHORIZED) | ROUTE_PROBLEM(ERR_FORBIDDEN),
     .handler = show_metrics,
     .summary = "Counters of all processes, for Prometheus"},
    {0},
};
