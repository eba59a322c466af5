// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"

#include "api/route/problem.h"
#include "api/route/request_log.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"

#include <string.h>

/* A server that is stopped without closing its sockets must not hang the edge for ever. */
#define ANSWER_TIMEOUT_US (10 * SECOND_US)

/* text/plain is what a beacon may send to another origin without asking first. */
static bool is_media_type_taken(const struct http_request *request)
{
    static const char *const taken[] = {"application/json", "text/plain"};
    const char *type = http_header(request, "content-type");
    for (size_t i = 0; type && i < 2; i++) {
        size_t n = strlen(taken[i]);
        if (strncasecmp(type, taken[i], n) == 0 &&
            (type[n] == '\0' || type[n] == ';' || type[n] == ' '))
            return true;
    }
    return type == NULL;
}

/* False: it was answered. Without a key there is a limit too: guessing is no way around it. */
static bool is_admitted(struct edge *e, struct http_request *request, struct edge_request *context)
{
    struct fault fault;
    enum err err = edge_access(e, request, context, &fault);
    enum refusal why;
    const struct edge_request asked = *context; /* it goes with the answer */
    if (!guard_admit(e->guard, request, err ? NULL : context->key, &why)) {
        edge_note_refused(e, &asked, why,
                          why == REFUSAL_KEY ? "too many requests a second with this key"
                                             : "too many requests a second from one address");
        return false;
    }
    if (err)
        edge_refuse(e, request, &fault);
    return err == ERR_OK;
}

static size_t on_head(void *arg, struct http_request *request)
{
    struct edge *e = arg;
    char allow[ROUTE_ALLOW_SIZE];
    struct edge_request *context = arena_zalloc(request->arena, sizeof(*context));
    request->user = context;
    request_log_begin(request);
    edge_cors(request);
    if (request->verb == VERB_OPTIONS) {
        edge_preflight(request);
        return 0;
    }
    enum err found = route_find(&e->routes, request, &context->match, allow);
    if (found) {
        route_reply_absent(request, found, allow);
        return 0;
    }
    if (context->match.route->is_sending) /* who sends again wants to know when */
        http_reply_line(request, "Access-Control-Expose-Headers: Retry-After\r\n");
    if (context->match.route->role != ROLE_NONE && !is_admitted(e, request, context))
        return 0;
    if (context->match.route->body.bytes == 0)
        return 0;
    if (!is_media_type_taken(request)) {
        problem_media_type(request, "application/json or text/plain");
        return 0;
    }
    return context->match.route->body.bytes;
}

/* The body may have come much later than the head, and the snapshot have changed since. */
static bool is_outdated(const struct edge *e, const struct edge_request *context)
{
    return context->match.route->role != ROLE_NONE &&
           snapshot_feed_generation(e->feed) != context->generation;
}

static void on_request(void *arg, struct http_request *request)
{
    struct edge *e = arg;
    struct edge_request *context = request->user;
    struct fault fault;
    if (is_outdated(e, context) && edge_access(e, request, context, &fault)) {
        edge_refuse(e, request, &fault);
        return;
    }
    context->match.route->handler(e, request, &context->match);
}

static bool is_tls(void *arg, const struct http_request *request)
{
    const struct edge *e = arg;
    return e->options.is_public_tls || (request->user && guard_is_tls(e->guard, request));
}

static void on_reply(void *arg, const struct http_request *request, int status, int64_t took_us)
{
    struct edge *e = arg;
    const struct edge_request *context = request->user;
    if (context && status == 413)
        edge_note_refused(e, context, REFUSAL_TOO_LARGE, "the body is too large");
    if (context && status == 415)
        edge_note_refused(e, context, REFUSAL_MEDIA_TYPE, "application/json or text/plain is read");
    request_log_end(request, context ? context->match.route : NULL, &e->routes, status, took_us);
}

static void on_unfit(void *arg, const char *why)
{
    struct edge *e = arg;
    e->options.on_unfit(e->options.arg, why);
}

static void on_reads_ready(void *arg)
{
    struct edge *e = arg;
    snapshot_feed_on_up(e->feed);
}

static void on_writes_ready(void *arg)
{
    struct edge *e = arg;
    ingest_on_up(e->ingest);
}

static void on_notify(void *arg, const char *payload)
{
    struct edge *e = arg;
    snapshot_feed_on_notify(e->feed, payload);
}

static void on_reads_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("connection for reading: %s", why);
}

static void on_writes_down(void *arg, const char *why)
{
    struct edge *e = arg;
    log_warn("connection for writing: %s", why);
    ingest_on_down(e->ingest);
}

static void open_connections(struct edge *e)
{
    struct connection_options options = {
        .user = CONNECTION_EDGE,
        .conninfo = e->options.conninfo,
        .name = e->options.name,
        .answer_timeout_us = ANSWER_TIMEOUT_US,
        .listen_channel = "mete_snapshot",
        .on_ready = on_reads_ready,
        .on_unfit = on_unfit,
        .on_down = on_reads_down,
        .on_notify = on_notify,
        .arg = e,
    };
    e->read_connection = connection_open(e->loop, &options);
    e->reads = connection_pg(e->read_connection);
    options.listen_channel = NULL;
    options.on_ready = on_writes_ready;
    options.on_down = on_writes_down;
    options.on_notify = NULL;
    e->write_connection = connection_open(e->loop, &options);
    e->writes = connection_pg(e->write_connection);
}

struct edge *edge_new(struct loop *l, const struct edge_options *options)
{
    struct edge *e = mem_zalloc(sizeof(*e));
    e->options = *options;
    e->loop = l;
    e->arena = arena_new(0);
    e->routes = edge_routes_make(e->arena, options->event_bytes);
    must(e->routes.count < COUNTER_ROUTES);
    e->gzip = coding_gzip_new();
    e->pool = thread_pool_new(l);
    e->drafts = thread_pool_new(l);
    open_connections(e);
    e->feed = snapshot_feed_new(l, e->reads, e->pool, options->snapshot_path);
    e->guard = guard_new(&options->guard);
    e->options.ingest.pg = e->writes;
    e->options.ingest.pool = e->pool;
    e->ingest = ingest_new(l, &e->options.ingest);
    const struct http_service service = {.on_head = on_head,
                                         .on_request = on_request,
                                         .on_reply = on_reply,
                                         .error_body = problem_error_body,
                                         .headers = ROUTE_HEADERS,
                                         .tls_headers = ROUTE_TLS_HEADERS,
                                         .is_tls = is_tls,
                                         .arg = e};
    e->server = http_server_new(l, &options->http, &service);
    return e;
}

void edge_listen(struct edge *e, int fd)
{
    http_server_listen(e->server, fd);
}

void edge_set_tls(struct edge *e, struct tls *tls)
{
    http_server_set_tls(e->server, tls);
}

void edge_set_limits(struct edge *e, const struct http_limits *limits,
                     const struct guard_options *guard)
{
    http_server_set_limits(e->server, limits);
    guard_set(e->guard, guard);
}

static void on_served(void *arg)
{
    struct edge *e = arg;
    ingest_leave(e->ingest, e->leave_fn, e->leave_arg);
}

void edge_drain(struct edge *e, loop_fn *fn, void *arg)
{
    e->leave_fn = fn;
    e->leave_arg = arg;
    http_server_drain(e->server, on_served, e);
}

void edge_free(struct edge *e)
{
    http_server_free(e->server);
    snapshot_feed_stop(e->feed);
    connection_close(e->write_connection);
    connection_close(e->read_connection);
    thread_pool_free(e->drafts);
    thread_pool_free(e->pool);
    ingest_free(e->ingest);
    snapshot_feed_free(e->feed);
    guard_free(e->guard);
    buf_done(&e->decide_reply);
    buf_done(&e->packed);
    coding_gzip_free(e->gzip);
    buf_done(&e->description);
    arena_free(e->arena);
    mem_free(e);
}
