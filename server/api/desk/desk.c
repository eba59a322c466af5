// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk/desk.h"

#include "api/access/access_log.h"
#include "api/access/turn.h"
#include "api/desk/desk_routes.h"
#include "api/resource/resource_change.h"
#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "api/route/request_log.h"
#include "api/watch/watch.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/access/password.h"
#include "engine/access/seal.h"
#include "engine/audience/audience.h"
#include "engine/feed/snapshot_now.h"
#include "engine/fold/backlog.h"
#include "io/net/host.h"
#include "io/net/thread_pool.h"
#include "store/config/environment.h"
#include "store/connection.h"

#include <string.h>
#include <strings.h>

#define THREADS      2  /* for what takes long; memory is what more would cost */
#define THREADS_ROOM 32 /* pieces that run or wait */

/* Half of what a report may take. */
#define JAM_US (10 * SECOND_US)

struct desk {
    struct desk_shared shared;
    struct change_queue changes;
    struct shared_work shared_work;
    struct arena *arena; /* of the route table */
    struct route_table routes;
    struct watch watch;
    struct http_server *http;
    struct connection *connections[DESK_LANES]; /* by lane */
    uint8_t sealing_key[SEAL_KEY_BYTES];
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

static bool is_json(const char *type)
{
    return type && (strncasecmp(type, "application/json", 16) == 0 ||
                    strncasecmp(type, "application/merge-patch+json", 28) == 0);
}

static bool has_body(const struct http_request *http)
{
    const char *length = http_header(http, "content-length");
    return http_header(http, "transfer-encoding") || (length && strcmp(length, "0") != 0);
}

/* Before the body is read: what needs no database. False: it was answered. */
static bool is_head_fit(struct desk_request *r)
{
    const struct route *route = r->match.route;
    if (route->role != ROLE_NONE)
        desk_request_find_token(r);
    if (route->role != ROLE_NONE && !r->token) {
        problem_say(r->http, ERR_UNAUTHORIZED, "", "a secret key or a session is needed");
        return false;
    }
    if (route->body.bytes == 0 || !has_body(r->http) ||
        is_json(http_header(r->http, "content-type")))
        return true;
    problem_media_type(r->http, "application/json");
    return false;
}

/* Probes and scrapers call us what they like: watch_page.c looks itself where it matters. */
static bool is_misdirected(const struct desk_request *r)
{
    const char *host = http_header(r->http, "host"), *path = r->match.route->path;
    bool is_watch = strcmp(path, "/livez") == 0 || strcmp(path, "/readyz") == 0 ||
                    strcmp(path, "/metrics") == 0;
    return !is_watch && host && host_names_are_given(r->desk->hosts) &&
           !host_names_hold(r->desk->hosts, host);
}

static size_t on_head(void *arg, struct http_request *request)
{
    struct desk *d = arg;
    struct desk_request *r = arena_zalloc(request->arena, sizeof(*r));
    char allow[ROUTE_ALLOW_SIZE];
    r->desk = &d->shared;
    r->http = request;
    request->user = r;
    request_log_begin(request);
    enum err e = route_find(&d->routes, request, &r->match, allow);
    if (e) {
        route_reply_absent(request, e, allow);
        return 0;
    }
    if (is_misdirected(r)) {
        problem_misdirected(request);
        return 0;
    }
    r->pg = d->shared.lanes[desk_lane_of(r->match.route)];
    return is_head_fit(r) ? r->match.route->body.bytes : 0;
}

/* Whatever holds a connection up, who comes later does not wait behind it. */
static bool is_refused_for_jam(struct desk_request *r)
{
    if (!pg_is_jammed(r->pg, JAM_US))
        return false;
    problem_say(r->http, ERR_BUSY, "", "the database has not answered for a while: try again");
    return true;
}

static void handle(struct desk_request *r)
{
    if (r->match.route->role != ROLE_NONE && is_refused_for_jam(r))
        return;
    if (r->match.route->noted)
        access_log_reading(r, r->match.route->noted, r->match.params[0] ? r->match.params[0] : "");
    r->match.route->handler(r, r->http, &r->match);
}

/* A page of another site could make a browser send our cookie: its Origin gives it away. */
static enum err check_holder(const struct desk_request *r, struct fault *fault)
{
    enum role needed = (enum role)r->match.route->role;
    enum http_verb verb = r->http->verb;
    bool is_reading = verb == VERB_GET || verb == VERB_HEAD;
    if (r->kind == ACCESS_SESSION && !is_reading && desk_request_is_foreign(r))
        return fault_set(fault, ERR_FORBIDDEN, "", "the request came from a page of another site");
    if (r->holder.role == ROLE_NONE)
        return fault_set(fault, ERR_FORBIDDEN, "", "this environment is not open to you");
    if (r->holder.role < needed)
        return fault_set(fault, ERR_FORBIDDEN, "", "the role %s is needed, this is %s",
                         role_name(needed), role_name(r->holder.role));
    return ERR_OK;
}

/* False: it was refused. */
static bool is_allowed(struct desk_request *r)
{
    struct fault fault;
    if (!check_holder(r, &fault))
        return true;
    access_log_refusal(r, "role.refuse", desk_request_actor(r), r->match.route->path);
    problem_reply(r->http, &fault);
    return false;
}

/* Goes on where the role, as it is in the chosen environment, is enough. */
static void handle_allowed(struct desk_request *r)
{
    if (is_allowed(r))
        handle(r);
}

/* A person's role is another one in each environment. */
static void on_open(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    r->environment_id = environment_read_open(answer->result, &r->holder.role);
    if (!is_allowed(r))
        return;
    if (r->environment_id == 0)
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such environment");
    else
        handle(r);
}

static void on_environment(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    int64_t id = environment_read_id(answer->result);
    if (id == 0) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such environment");
    } else if (r->holder.role != ROLE_ADMIN && id != r->holder.environment_id) {
        problem_say(r->http, ERR_FORBIDDEN, "", "this key belongs to another environment");
    } else {
        r->environment_id = id;
        handle_allowed(r);
    }
}

/* What the path names counts more than the parameter: nobody is judged by a role elsewhere. */
static void choose_environment(struct desk_request *r)
{
    enum err query = ERR_OK;
    const char *key = http_query(r->http, "environment", &query);
    if (r->holder.is_user && r->match.route->is_about_environment)
        key = r->match.params[0];
    if (r->holder.is_user && r->match.route->is_own)
        handle_allowed(r);
    else if (query)
        problem_say(r->http, query, "", "the parameter environment is not well formed");
    else if (key && r->holder.is_user)
        environment_send_open(r->desk->lanes[DESK_LANE_ACCESS], key, r->holder.id, on_open, r);
    else if (key)
        environment_send_find(r->desk->lanes[DESK_LANE_ACCESS], key, on_environment, r);
    else if (r->environment_id == 0)
        problem_say(r->http, ERR_CONFLICT, "",
                    "there is no environment yet, or none is open to you: mete init makes one");
    else
        handle_allowed(r);
}

static void on_holder(void *arg, enum err e, const struct holder *holder)
{
    struct desk_request *r = arg;
    if (e == ERR_UNAUTHORIZED && r->kind == ACCESS_KEY)
        access_log_refusal(r, "key.refuse", NULL, "key");
    if (e) {
        problem_say(r->http, e == ERR_UNAUTHORIZED ? e : ERR_UNAVAILABLE, "", "%s",
                    e == ERR_UNAUTHORIZED ? "nobody holds this key or session"
                                          : "the database cannot be reached: try again");
        return;
    }
    r->holder = *holder;
    r->environment_id = holder->environment_id;
    choose_environment(r);
}

static void on_request(void *arg, struct http_request *request)
{
    (void)arg;
    struct desk_request *r = request->user;
    if (r->match.route->role == ROLE_NONE)
        handle(r);
    else
        access_find(r->desk->access, r->kind, r->token, on_holder, r);
}

static void on_reply(void *arg, const struct http_request *request, int status, int64_t took_us)
{
    const struct desk *d = arg;
    const struct desk_request *r = request->user;
    request_log_end(request, r ? r->match.route : NULL, &d->routes, status, took_us);
}

static bool is_tls(void *arg, const struct http_request *request)
{
    const struct desk *d = arg;
    return desk_shared_is_tls(&d->shared, request);
}

static void on_unfit(void *arg, const char *why)
{
    struct desk *d = arg;
    d->on_unfit(d->arg, why);
}

static void on_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("desk: PostgreSQL is away: %s", why);
}

/* That PostgreSQL is away is said once. */
static void open_lanes(struct desk *d, struct loop *l, const char *conninfo)
{
    for (int lane = DESK_LANE_ACCESS; lane < DESK_LANES; lane++) {
        const struct desk_lane_bound *bound = &desk_lane_bounds[lane];
        const struct connection_options options = {
            .user = CONNECTION_DESK,
            .conninfo = conninfo,
            .name = bound->name,
            .statement_timeout_ms = bound->statement_timeout_ms,
            .lock_timeout_ms = bound->lock_timeout_ms,
            .answer_timeout_us = 2 * bound->statement_timeout_ms * INT64_C(1000),
            .on_unfit = on_unfit,
            .on_down = lane == DESK_LANE_ACCESS ? on_down : NULL,
            .arg = d,
        };
        d->connections[lane] = connection_open(l, &options);
        d->shared.lanes[lane] = connection_pg(d->connections[lane]);
    }
}

struct desk *desk_new(struct loop *l, const struct desk_options *options)
{
    struct desk *d = mem_zalloc(sizeof(*d));
    struct http_service service = {.on_head = on_head,
                                   .on_request = on_request,
                                   .on_reply = on_reply,
                                   .error_body = problem_error_body,
                                   .headers = ROUTE_HEADERS,
                                   .tls_headers = ROUTE_TLS_HEADERS,
                                   .is_tls = is_tls,
                                   .arg = d};
    d->on_unfit = options->on_unfit;
    d->arg = options->arg;
    d->shared.loop = l;
    open_lanes(d, l, options->conninfo);
    d->shared.access = access_new(l, d->shared.lanes[DESK_LANE_ACCESS]);
    d->shared.changes = &d->changes;
    d->arena = arena_new(0);
    d->routes = desk_routes_make(d->arena);
    d->watch = (struct watch){
        .counters = options->counters,
        .ports = {{"edge", options->edge_routes, 0, COUNTER_EDGES - 1},
                  {"desk", d->routes, COUNTER_DESK, COUNTER_DESK}},
        .token = options->metrics_token,
    };
    d->shared.routes = &d->routes;
    d->shared.watch = &d->watch;
    d->shared.public_url = options->public_url;
    d->shared.edge_url = options->edge_url;
    d->shared.hosts = host_names_new(d->arena, options->hosts, options->public_url);
    if (text_unhex(options->sealing_key, strlen(options->sealing_key), d->sealing_key))
        d->shared.sealing_key = options->sealing_key[0] ? d->sealing_key : NULL;
    d->shared.provider = provider_new(l, d->arena, &options->provider, options->public_url);
    d->shared.guard = guard_new(&options->guard);
    d->shared.pool = thread_pool_new_wide(l, THREADS, THREADS_ROOM);
    d->shared_work.pool = thread_pool_new(l);
    d->shared.shared_work = &d->shared_work;
    d->shared.audience = audience_new(l, d->shared.lanes[DESK_LANE_REPORT], d->shared.pool);
    d->shared.backlog = backlog_new(l, d->shared.lanes[DESK_LANE_READ]);
    d->shared.password = password_new(l);
    d->shared.access_log = access_log_new(l, d->shared.lanes[DESK_LANE_CHANGE]);
    d->shared.turns = turn_queue_new(l);
    d->shared.snapshot_now = snapshot_now_new(d->shared.lanes[DESK_LANE_READ]);
    must(d->routes.count < COUNTER_ROUTES);
    d->http = http_server_new(l, &options->http, &service);
    return d;
}

void desk_listen(struct desk *d, int fd)
{
    http_server_listen(d->http, fd);
}

void desk_set_tls(struct desk *d, struct tls *tls)
{
    http_server_set_tls(d->http, tls);
}

void desk_set_limits(struct desk *d, const struct http_limits *limits,
                     const struct guard_options *guard)
{
    http_server_set_limits(d->http, limits);
    guard_set(d->shared.guard, guard);
}

void desk_drain(struct desk *d, loop_fn *fn, void *arg)
{
    access_log_flush(d->shared.access_log);
    http_server_drain(d->http, fn, arg);
}

void desk_free(struct desk *d)
{
    d->changes.is_ended = true;
    turn_queue_free(d->shared.turns);
    thread_pool_free(d->shared.pool);
    thread_pool_free(d->shared_work.pool);
    password_free(d->shared.password);
    provider_free(d->shared.provider);
    for (int lane = DESK_LANE_ACCESS; lane < DESK_LANES; lane++)
        connection_close(d->connections[lane]);
    change_queue_end(&d->changes);
    http_server_free(d->http);
    access_free(d->shared.access);
    access_log_free(d->shared.access_log);
    audience_free(d->shared.audience);
    backlog_free(d->shared.backlog);
    snapshot_now_free(d->shared.snapshot_now);
    guard_free(d->shared.guard);
    arena_free(d->arena);
    mem_free(d);
}
