// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_task.h"

#include "api/desk/desk.h"
#include "api/edge/edge.h"
#include "engine/outbox/sender.h"
#include "engine/worker.h"
#include "store/operate/migrate.h"

#include <stdio.h>

static struct http_limits http_limits_of(const struct settings *s)
{
    return (struct http_limits){
        .header_bytes = (size_t)s->header_bytes,
        .pipeline_bytes = 64 * 1024,
        .bodies_bytes = (size_t)s->bodies_bytes,
        .header_us = s->header_timeout_ms * 1000,
        .body_us = s->body_timeout_ms * 1000,
        .idle_us = s->idle_timeout_ms * 1000,
        .write_us = s->write_timeout_ms * 1000,
        .connections = (unsigned)s->connections,
        .connections_per_address = (unsigned)s->connections_per_address,
    };
}

static struct guard_options guard_options_of(const struct settings *s)
{
    return (struct guard_options){
        .trusted = s->trusted,
        .address_requests_per_second = s->address_requests_per_second,
        .key_requests_per_second = s->key_requests_per_second,
        .key_events_per_day = s->key_events_per_day,
        .login_attempts_per_minute = s->login_attempts_per_minute,
    };
}

/* One file for each slot: two edges never write the same one. */
static const char *snapshot_path(const struct child_task_options *o)
{
    if (o->settings->state_dir[0] == '\0')
        return NULL;
    return arena_printf(o->settings->arena, "%s/snapshot-%d", o->settings->state_dir,
                        o->spec->slot);
}

static struct ingest_options ingest_options(const struct child_task_options *o)
{
    const struct settings *s = o->settings;
    return (struct ingest_options){
        .batch_rows = (size_t)s->batch_rows,
        .queue_rows = (size_t)s->queue_rows,
        .timeout_us = s->spool_after_ms * 1000,
        .spool_folder = s->state_dir[0] ? s->state_dir : NULL,
        .spool_bytes = s->spool_bytes,
        .slot = o->spec->slot,
        .slot_count = o->spec->slots,
    };
}

static void *start_edge(const struct child_task_options *o)
{
    struct edge_options options = {
        .conninfo = o->settings->database_url,
        .name = arena_printf(o->settings->arena, "mete %s", o->name),
        .snapshot_path = snapshot_path(o),
        .demo_key = o->settings->demo_key,
        .is_public_tls = strncmp(o->settings->edge_public_url, "https://", 8) == 0,
        .http = http_limits_of(o->settings),
        .ingest = ingest_options(o),
        .event_bytes = (size_t)o->settings->event_body_bytes,
        .on_unfit = o->on_unfit,
        .arg = o->arg,
        .guard = guard_options_of(o->settings),
    };
    options.guard.tables = o->spec->limits;
    options.clocks = o->spec->clocks;
    struct edge *e = edge_new(o->loop, &options);
    edge_listen(e, o->spec->listen_fd);
    return e;
}

static void drain_edge(void *state, loop_fn *fn, void *arg)
{
    edge_drain(state, fn, arg);
}

static void reload_edge(void *state, const struct settings *fresh)
{
    const struct http_limits limits = http_limits_of(fresh);
    const struct guard_options guard = guard_options_of(fresh);
    edge_set_limits(state, &limits, &guard);
}

static void set_edge_tls(void *state, struct tls *tls)
{
    edge_set_tls(state, tls);
}

static void free_edge(void *state)
{
    edge_free(state);
}

/* The first look at the schema, also of a database that holds none. It waits for a database that
 * does not answer: nobody waits for the worker. */
static void check_schema(const struct child_task_options *o)
{
    struct fault fault;
    enum err e = migrate_check(o->settings->database_url, &schema_embedded, &fault);
    if (e == ERR_STALE || e == ERR_CONFLICT)
        o->on_unfit(o->arg, fault.detail);
}

static void *start_worker(const struct child_task_options *o)
{
    check_schema(o);
    const struct worker_options options = {
        .conninfo = o->settings->database_url,
        .name = arena_printf(o->settings->arena, "mete %s", o->name),
        .counters = o->spec->counters,
        .keep_days = o->settings->event_days,
        .note_days = o->settings->audit_note_days,
        .on_unfit = o->on_unfit,
        .arg = o->arg,
    };
    return worker_new(o->loop, &options);
}

static void drain_worker(void *state, loop_fn *fn, void *arg)
{
    worker_drain(state, fn, arg);
}

static void free_worker(void *state)
{
    worker_free(state);
}

static void *start_sender(const struct child_task_options *o)
{
    const struct sender_options options = {
        .conninfo = o->settings->database_url,
        .name = arena_printf(o->settings->arena, "mete %s", o->name),
        .on_unfit = o->on_unfit,
        .arg = o->arg,
    };
    return sender_new(o->loop, &options);
}

static void drain_sender(void *state, loop_fn *fn, void *arg)
{
    sender_drain(state, fn, arg);
}

static void free_sender(void *state)
{
    sender_free(state);
}

/* NULL: not known. */
static const char *edge_url(const struct settings *s)
{
    bool is_address = strchr(s->edge_listen, ':') && strncmp(s->edge_listen, "unix:", 5) != 0 &&
                      strncmp(s->edge_listen, "0.0.0.0:", 8) != 0 &&
                      strncmp(s->edge_listen, "[::]:", 5) != 0;
    if (s->edge_public_url[0])
        return s->edge_public_url;
    return is_address ? arena_printf(s->arena, "%s://%s", s->edge_tls_key[0] ? "https" : "http",
                                     s->edge_listen)
                      : NULL;
}

static void *start_desk(const struct child_task_options *o)
{
    struct desk_options options = {
        .conninfo = o->settings->database_url,
        .public_url = o->settings->desk_public_url,
        .edge_url = edge_url(o->settings),
        .hosts = o->settings->desk_hosts,
        .metrics_token = o->settings->metrics_token,
        .sealing_key = o->settings->sealing_key,
        .provider = {.issuer = o->settings->oidc_issuer,
                     .client_id = o->settings->oidc_client_id,
                     .client_secret = o->settings->oidc_client_secret,
                     .name = o->settings->oidc_name,
                     .scopes = o->settings->oidc_scopes,
                     .role = o->settings->oidc_role,
                     .role_claim = o->settings->oidc_role_claim,
                     .roles = o->settings->oidc_roles},
        .counters = o->spec->counters,
        .edge_routes = edge_routes_make(o->settings->arena, (size_t)o->settings->event_body_bytes),
        .http = http_limits_of(o->settings),
        .on_unfit = o->on_unfit,
        .arg = o->arg,
        .guard = guard_options_of(o->settings),
    };
    options.guard.tables = o->spec->limits;
    struct desk *d = desk_new(o->loop, &options);
    desk_listen(d, o->spec->listen_fd);
    return d;
}

static void drain_desk(void *state, loop_fn *fn, void *arg)
{
    desk_drain(state, fn, arg);
}

static void reload_desk(void *state, const struct settings *fresh)
{
    const struct http_limits limits = http_limits_of(fresh);
    const struct guard_options guard = guard_options_of(fresh);
    desk_set_limits(state, &limits, &guard);
}

static void set_desk_tls(void *state, struct tls *tls)
{
    desk_set_tls(state, tls);
}

static void free_desk(void *state)
{
    desk_free(state);
}

const struct child_task child_tasks[] = {
    [CHILD_DESK] = {start_desk, drain_desk, reload_desk, set_desk_tls, free_desk},
    [CHILD_EDGE] = {start_edge, drain_edge, reload_edge, set_edge_tls, free_edge},
    [CHILD_WORKER] = {start_worker, drain_worker, NULL, NULL, free_worker},
    [CHILD_SENDER] = {start_sender, drain_sender, NULL, NULL, free_sender},
};
