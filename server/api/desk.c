// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/desk.h"

#include "api/desk_request.h"
#include "api/desk_routes.h"
#include "api/problem.h"
#include "api/request_log.h"
#include "api/resource_change.h"
#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/audience.h"
#include "engine/backlog.h"
#include "engine/password.h"
#include "engine/snapshot_now.h"
#include "sql/queries.h"
#include "store/schema.h"

#include <string.h>
#include <strings.h>

#define STATEMENT_TIMEOUT_MS 20000

struct desk {
    struct desk_shared shared;
    struct change_queue changes;
    struct http_server *http;
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
    if (route->body_bytes == 0 || !has_body(r->http) ||
        is_json(http_header(r->http, "content-type")))
        return true;
    problem_media_type(r->http, "application/json");
    return false;
}

static size_t on_head(void *arg, struct http_request *request)
{
    struct desk *d = arg;
    struct desk_request *r = arena_zalloc(request->arena, sizeof(*r));
    char allow[96];
    r->desk = &d->shared;
    r->http = request;
    request->user = r;
    request_log_begin(request);
    enum err e = route_find(desk_routes, desk_route_count, request, &r->match, allow);
    if (e == ERR_FORBIDDEN) {
        problem_method(request, allow);
        return 0;
    }
    if (e) {
        problem_say(request, e, "", "%s",
                    e == ERR_NOT_FOUND ? "there is nothing at this path"
                                       : "the path is not well formed");
        return 0;
    }
    return is_head_fit(r) ? r->match.route->body_bytes : 0;
}

static void handle(struct desk_request *r)
{
    r->match.route->handler(r, r->http, &r->match);
}

static void on_environment(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    int64_t id = environment_read_id(answer->result);
    bool is_free_to_choose = r->holder.is_user || r->holder.role == ROLE_ADMIN;
    if (id == 0) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no such environment");
    } else if (!is_free_to_choose && id != r->holder.environment_id) {
        problem_say(r->http, ERR_FORBIDDEN, "", "this key belongs to another environment");
    } else {
        r->environment_id = id;
        handle(r);
    }
}

/* A page of another site could make a browser send our cookie: its Origin gives it away. */
static bool is_foreign(const struct desk_request *r)
{
    enum http_verb verb = r->http->verb;
    if (r->kind != ACCESS_SESSION || verb == VERB_GET || verb == VERB_HEAD)
        return false;
    const char *origin = http_header(r->http, "origin");
    const char *host = http_header(r->http, "host");
    const char *after = origin ? strstr(origin, "://") : NULL;
    return !after || !host || strcasecmp(after + 3, host) != 0;
}

static enum err check_holder(const struct desk_request *r, struct fault *fault)
{
    enum role needed = (enum role)r->match.route->role;
    if (is_foreign(r))
        return fault_set(fault, ERR_FORBIDDEN, "", "the request came from a page of another site");
    if (r->holder.role < needed)
        return fault_set(fault, ERR_FORBIDDEN, "", "the role %s is needed, this is %s",
                         role_name(needed), role_name(r->holder.role));
    return ERR_OK;
}

static void on_holder(void *arg, enum err e, const struct access_holder *holder)
{
    struct desk_request *r = arg;
    struct fault fault;
    if (e == ERR_UNAUTHORIZED && r->is_new_to_us)
        guard_on_login_failed(r->desk->guard, r->http);
    if (e) {
        problem_say(r->http, e == ERR_UNAUTHORIZED ? e : ERR_UNAVAILABLE, "", "%s",
                    e == ERR_UNAUTHORIZED ? "nobody holds this key or session"
                                          : "the database cannot be reached: try again");
        return;
    }
    r->holder = *holder;
    if (check_holder(r, &fault)) {
        problem_reply(r->http, &fault);
        return;
    }
    enum err query = ERR_OK;
    const char *environment = http_query(r->http, "environment", &query);
    r->environment_id = holder->environment_id;
    if (query)
        problem_say(r->http, query, "", "the parameter environment is not well formed");
    else if (environment)
        environment_send_find(r->desk->pg, environment, on_environment, r);
    else if (r->environment_id == 0)
        problem_say(r->http, ERR_CONFLICT, "", "there is no environment yet: mete init makes one");
    else
        handle(r);
}

static void on_request(void *arg, struct http_request *request)
{
    (void)arg;
    struct desk_request *r = request->user;
    if (r->match.route->role == ROLE_NONE) {
        handle(r);
        return;
    }
    r->is_new_to_us = !access_remembers(r->desk->access, r->kind, r->token);
    if (!r->is_new_to_us || guard_admit_login(r->desk->guard, r->http))
        access_find(r->desk->access, r->kind, r->token, on_holder, r);
}

static void on_reply(void *arg, const struct http_request *request, int status, int64_t took_us)
{
    (void)arg;
    const struct desk_request *r = request->user;
    request_log_end(request, r ? r->match.route : NULL, desk_routes, status, took_us);
}

static void on_schema(void *arg, enum err code, const struct fault *fault)
{
    struct desk *d = arg;
    if (code == ERR_STALE || code == ERR_CONFLICT)
        d->on_unfit(d->arg, fault->detail);
}

static void on_up(void *arg)
{
    struct desk *d = arg;
    schema_check(d->shared.pg, on_schema, d);
}

static void on_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("desk: PostgreSQL is away: %s", why);
}

struct desk *desk_new(struct loop *l, const struct desk_options *options)
{
    struct desk *d = mem_zalloc(sizeof(*d));
    struct pg_options pg = {
        .conninfo = options->conninfo,
        .application_name = "mete desk",
        .statements = queries,
        .statement_count = QUERY_COUNT,
        .groups = QUERY_FOR_DESK,
        .statement_timeout_ms = STATEMENT_TIMEOUT_MS,
        .answer_timeout_us = 2 * STATEMENT_TIMEOUT_MS * INT64_C(1000),
        .on_up = on_up,
        .on_down = on_down,
        .arg = d,
    };
    struct http_service service = {.on_head = on_head,
                                   .on_request = on_request,
                                   .on_reply = on_reply,
                                   .error_body = problem_error_body,
                                   .arg = d};
    d->on_unfit = options->on_unfit;
    d->arg = options->arg;
    d->shared.loop = l;
    d->shared.pg = pg_new(l, &pg);
    d->shared.access = access_new(l, d->shared.pg);
    d->shared.changes = &d->changes;
    d->shared.routes = desk_routes;
    d->shared.route_count = desk_route_count;
    d->shared.public_url = options->public_url;
    d->shared.metrics_token = options->metrics_token;
    d->shared.counters = options->counters;
    d->shared.guard = guard_new(&options->guard);
    d->shared.audience = audience_new(d->shared.pg);
    d->shared.backlog = backlog_new(l, d->shared.pg);
    d->shared.password = password_new(l);
    d->shared.snapshot_now = snapshot_now_new(d->shared.pg);
    must(desk_route_count < COUNTER_ROUTES);
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
    http_server_drain(d->http, fn, arg);
}

void desk_free(struct desk *d)
{
    d->changes.is_ended = true;
    password_free(d->shared.password);
    pg_free(d->shared.pg);
    change_queue_end(&d->changes);
    http_server_free(d->http);
    access_free(d->shared.access);
    audience_free(d->shared.audience);
    backlog_free(d->shared.backlog);
    snapshot_now_free(d->shared.snapshot_now);
    guard_free(d->shared.guard);
    mem_free(d);
}
