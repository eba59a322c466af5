// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge_private.h"

#include "api/problem.h"
#include "api/request_log.h"
#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/mem.h"
#include "sql/queries.h"
#include "store/schema.h"

#include <string.h>

/* A server that is stopped without closing its sockets must not hang the edge for ever. */
#define ANSWER_TIMEOUT_US (10 * SECOND_US)

const struct route edge_routes[] = {
    {VERB_POST, "/v1/decide", ROLE_CLIENT, 256 * 1024, edge_decide,
     "What this visitor gets, and why"},
    {VERB_POST, "/v1/events", ROLE_CLIENT, 256 * 1024, edge_events,
     "Take events; 202 means on the disk"},
    {VERB_GET, "/v1/config", ROLE_CLIENT, 0, edge_config, "What deciding needs, for a browser"},
    {VERB_POST, "/v1/visitor", ROLE_CLIENT, 4096, edge_visitor,
     "Keeps a visitor's id in a cookie of the site"},
    {VERB_GET, "/sdk.js", ROLE_NONE, 0, edge_sdk, "The browser SDK"},
    {VERB_GET, "/sdk-local.js", ROLE_NONE, 0, edge_sdk, "Its local evaluation"},
    {VERB_GET, "/sdk-widgets.js", ROLE_NONE, 0, edge_sdk, "Its banners, pop-ins and countdowns"},
    {VERB_GET, "/sdk-qa.js", ROLE_NONE, 0, edge_sdk, "Its preview overlay"},
    {VERB_GET, "/demo/", ROLE_NONE, 0, edge_demo, "The demo shop, where there is one"},
    {VERB_GET, "/demo/{file}", ROLE_NONE, 0, edge_demo, "Its pages, scripts and pictures"},
    {VERB_GET, "/livez", ROLE_NONE, 0, edge_livez, "The process runs"},
    {VERB_GET, "/readyz", ROLE_NONE, 0, edge_readyz, "The process can decide and store"},
};
const size_t edge_route_count = sizeof(edge_routes) / sizeof(edge_routes[0]);

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
    if (!guard_admit(e->guard, request, err ? NULL : context->key))
        return false;
    if (err)
        problem_reply(request, &fault);
    return err == ERR_OK;
}

static size_t on_head(void *arg, struct http_request *request)
{
    struct edge *e = arg;
    char allow[128];
    struct edge_request *context = arena_zalloc(request->arena, sizeof(*context));
    request->user = context;
    request_log_begin(request);
    edge_cors(request);
    if (request->verb == VERB_OPTIONS) {
        edge_preflight(request);
        return 0;
    }
    enum err found = route_find(edge_routes, edge_route_count, request, &context->match, allow);
    if (found == ERR_FORBIDDEN) {
        problem_method(request, allow);
        return 0;
    }
    if (found) {
        problem_say(request, ERR_NOT_FOUND, "", "there is nothing at this path");
        return 0;
    }
    if (context->match.route->role != ROLE_NONE && !is_admitted(e, request, context))
        return 0;
    if (context->match.route->body_bytes == 0)
        return 0;
    if (!is_media_type_taken(request)) {
        problem_media_type(request, "application/json or text/plain");
        return 0;
    }
    return e->options.body_bytes;
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
        problem_reply(request, &fault);
        return;
    }
    context->match.route->handler(e, request, &context->match);
}

static void on_reply(void *arg, const struct http_request *request, int status, int64_t took_us)
{
    (void)arg;
    const struct edge_request *context = request->user;
    request_log_end(request, context ? context->match.route : NULL, edge_routes, status, took_us);
}

static bool is_fit(struct edge *e, enum err code, const struct fault *fault)
{
    if (code == ERR_STALE || code == ERR_CONFLICT)
        e->options.on_unfit(e->options.arg, fault->detail);
    return code == ERR_OK;
}

static void on_reads_fit(void *arg, enum err code, const struct fault *fault)
{
    struct edge *e = arg;
    if (is_fit(e, code, fault))
        snapshot_feed_on_up(e->feed);
}

static void on_writes_fit(void *arg, enum err code, const struct fault *fault)
{
    struct edge *e = arg;
    if (is_fit(e, code, fault))
        ingest_on_up(e->ingest);
    else if (pg_is_up(e->writes))
        loop_timer_set(e->schema_timer, SECOND_US);
}

static void check_writes(void *arg)
{
    struct edge *e = arg;
    if (pg_is_up(e->writes))
        schema_check(e->writes, on_writes_fit, e);
}

static void on_reads_up(void *arg)
{
    struct edge *e = arg;
    schema_check(e->reads, on_reads_fit, e);
}

static void on_notify(void *arg, const char *payload)
{
    (void)payload;
    struct edge *e = arg;
    snapshot_feed_on_notify(e->feed);
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
    loop_timer_clear(e->schema_timer);
    ingest_on_down(e->ingest);
}

static void open_connections(struct edge *e)
{
    struct pg_options options = {
        .conninfo = e->options.conninfo,
        .application_name = e->options.name,
        .statements = queries,
        .statement_count = QUERY_COUNT,
        .groups = QUERY_FOR_EDGE,
        .answer_timeout_us = ANSWER_TIMEOUT_US,
        .listen_channel = "mete_snapshot",
        .on_up = on_reads_up,
        .on_down = on_reads_down,
        .on_notify = on_notify,
        .arg = e,
    };
    e->reads = pg_new(e->loop, &options);
    options.listen_channel = NULL;
    options.on_up = check_writes;
    options.on_down = on_writes_down;
    options.on_notify = NULL;
    e->writes = pg_new(e->loop, &options);
}

struct edge *edge_new(struct loop *l, const struct edge_options *options)
{
    struct edge *e = mem_zalloc(sizeof(*e));
    e->options = *options;
    e->loop = l;
    e->schema_timer = loop_timer_new(l, check_writes, e);
    e->aside = aside_new(l);
    open_connections(e);
    e->feed = snapshot_feed_new(l, e->reads, e->aside, options->snapshot_path);
    e->guard = guard_new(&options->guard);
    e->options.ingest.pg = e->writes;
    e->options.ingest.aside = e->aside;
    e->ingest = ingest_new(l, &e->options.ingest);
    const struct http_service service = {.on_head = on_head,
                                         .on_request = on_request,
                                         .on_reply = on_reply,
                                         .error_body = problem_error_body,
                                         .arg = e};
    must(edge_route_count < COUNTER_ROUTES);
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

void edge_drain(struct edge *e, loop_fn *fn, void *arg)
{
    http_server_drain(e->server, fn, arg);
}

void edge_free(struct edge *e)
{
    http_server_free(e->server);
    pg_free(e->writes);
    pg_free(e->reads);
    aside_free(e->aside);
    ingest_free(e->ingest);
    snapshot_feed_free(e->feed);
    guard_free(e->guard);
    loop_timer_free(e->schema_timer);
    buf_done(&e->decide_reply);
    mem_free(e);
}
