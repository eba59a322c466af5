// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch_page.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "api/watch.h"
#include "base/ip.h"
#include "base/json.h"
#include "engine/backlog.h"
#include "io/row.h"

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

/* On a unix socket there is no address. */
static bool is_from_near(const struct http_request *request)
{
    struct ip ip;
    const char *peer = request->peer_address;
    bool is_near = !*peer || (ip_parse(peer, strlen(peer), &ip) && ip_is_private(&ip));
    return is_near && !http_header(request, "x-forwarded-for") &&
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

static void write_backlog(struct buf *b, const PGresult *result)
{
    int64_t last = -1;
    for (int i = 0; i < row_count(result); i++) {
        int64_t measure = row_int(result, i, 0);
        const struct backlog_row *row = &backlog_rows[measure];
        auto_buf struct buf label = {0};
        if (row->label)
            add_label(&label, row->label, row_text(result, i, 1));
        if (measure != last)
            watch_write_head(b, row->name, "gauge", row->help);
        watch_write_sample(b, row->name, row->label ? label.data : NULL, row_double(result, i, 2));
        last = measure;
    }
}

static void on_metrics(void *arg, const PGresult *result)
{
    struct desk_request *r = arg;
    auto_buf struct buf b = {0};
    watch_write(&b, r->desk->counters);
    watch_write_head(&b, "mete_database_answers", "gauge",
                     "1 when PostgreSQL answered this request's question in time.");
    watch_write_sample(&b, "mete_database_answers", NULL, result != NULL);
    if (result)
        write_backlog(&b, result);
    http_reply_header(r->http, "Cache-Control", "no-store");
    http_reply(r->http, 200, TYPE, b.data, b.length);
}

void watch_metrics(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    const char *token = r->desk->metrics_token;
    if (token[0] && !has_token(request, token))
        problem_say(request, ERR_UNAUTHORIZED, "", "send the metrics token: Authorization: Bearer");
    else if (!token[0] && !is_from_near(request))
        problem_say(request, ERR_FORBIDDEN, "",
                    "set metrics_token to read this from afar or through a proxy");
    else
        backlog_ask(r->desk->backlog, on_metrics, r);
}

static void on_ready(void *arg, const PGresult *result)
{
    struct desk_request *r = arg;
    bool is_lagging = false;
    for (int i = 0; result && i < row_count(result); i++)
        is_lagging |=
            row_int(result, i, 0) == BACKLOG_FOLD_LAG && row_double(result, i, 2) > FOLD_LAG_MOST_S;
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"status\":\"%s\",\"degraded\":[",
               !result      ? "not_ready"
               : is_lagging ? "degraded"
                            : "ready");
    if (!result)
        json_add_string(&b, "database_away");
    if (is_lagging)
        json_add_string(&b, "fold_lag");
    buf_add_str(&b, "]}\n");
    if (!result)
        http_reply_header(r->http, "Retry-After", "1");
    desk_reply_json(r, result ? 200 : 503, b.data, b.length);
}

void watch_ready(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    backlog_ask(r->desk->backlog, on_ready, r);
}
