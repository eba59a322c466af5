// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/init.h"

#include "base/mem.h"
#include "base/token.h"
#include "io/row.h"
#include "model/access_key.h"
#include "model/environment.h"
#include "sql/queries.h"

#include <stdio.h>
#include <string.h>

#define PARAMS 7

static void done_connection(PGconn **c)
{
    PQfinish(*c);
}
#define auto_connection __attribute__((cleanup(done_connection)))

static void done_result(PGresult **r)
{
    PQclear(*r);
}
#define auto_result __attribute__((cleanup(done_result)))

static enum err connect_to(const char *conninfo, PGconn **ret, struct fault *fault)
{
    *ret = PQconnectdb(conninfo);
    if (PQstatus(*ret) == CONNECTION_OK)
        return ERR_OK;
    return fault_set(fault, ERR_UNAVAILABLE, "", "%s", PQerrorMessage(*ret));
}

/* NULL with the fault set when it failed. */
static PGresult *run_sql(PGconn *c, const char *sql, int count, const char *const *params,
                         struct fault *fault)
{
    PGresult *r = PQexecParams(c, sql, count, NULL, params, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return r;
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    fault_set(fault, state ? pg_sqlstate_err(state) : ERR_UNAVAILABLE, "", "%s",
              message ? message : PQerrorMessage(c));
    PQclear(r);
    return NULL;
}

/* Where a change goes: texts for the parameters of its query. */
struct target {
    enum query query;
    const char *environment;
    const char *clock;
    const char *key; /* NULL where the database names it */
};

/* A change by nobody in particular. */
static enum err change(PGconn *c, const struct target *target, const struct change *made,
                       struct fault *fault)
{
    auto_buf struct buf document = {0};
    auto_buf struct buf plan = {0};
    json_add_value(&document, made->document);
    json_add_value(&plan, made->plan);
    const char *params[PARAMS] = {"system",    target->environment, target->clock, made->action,
                                  target->key, document.data,       plan.data};
    auto_result PGresult *r = run_sql(c, queries[target->query].sql, PARAMS, params, fault);
    if (!r)
        return fault->code;
    return row_count(r) > 0 ? ERR_OK
                            : fault_set(fault, ERR_BUSY, "", "others are changing it: try again");
}

/* Reads and plans the creation of one thing. 'made' takes over 'input'. */
static enum err plan(const struct field *fields, change_fn *fn, json_t *input, struct change *made,
                     struct fault *fault)
{
    auto_json json_t *owned = input;
    must(owned);
    made->action = "create";
    made->role = ROLE_ADMIN;
    enum err e = field_read(fields, owned, &made->document, fault);
    return e ? e : fn(made, fault);
}

static void change_begin(struct change *made, const char *random)
{
    *made = (struct change){.random = random, .plan = json_object(), .reveal = json_object()};
}

static void change_done(struct change *made)
{
    json_decref(made->document);
    json_decref(made->plan);
    json_decref(made->reveal);
}

/* The environment's id through *ret_id, 0 when there is none; and its clock. */
static enum err find_environment(PGconn *c, const char *key, const char **ret_id,
                                 const char **ret_clock, struct arena *arena, struct fault *fault)
{
    const char *params[] = {key};
    auto_result PGresult *r = run_sql(c, queries[QUERY_ENVIRONMENT_FIND].sql, 1, params, fault);
    if (!r)
        return fault->code;
    *ret_id = NULL;
    if (row_count(r) == 0)
        return ERR_OK;
    *ret_id = arena_strdup(arena, row_text(r, 0, 0));
    const char *read_params[] = {NULL, key, "false"};
    auto_result PGresult *row =
        run_sql(c, queries[QUERY_ENVIRONMENT_READ].sql, 3, read_params, fault);
    if (!row)
        return fault->code;
    *ret_clock = arena_strdup(arena, row_text(row, 0, 0));
    return ERR_OK;
}

static enum err make_environment(PGconn *c, const struct init_options *o, struct fault *fault)
{
    const struct target target = {QUERY_ENVIRONMENT_CHANGE, NULL, "0", o->environment};
    struct change made;
    change_begin(&made, "");
    json_t *input = json_pack("{s:s, s:s, s:s?, s:s?}", "key", o->environment, "name",
                              o->environment, "currency", o->currency, "time_zone", o->time_zone);
    enum err e = plan(environment_fields, environment_change, input, &made, fault);
    if (!e)
        e = change(c, &target, &made, fault);
    change_done(&made);
    return e;
}

/* Each key moves the clock, so the environment is read again for it. */
static enum err make_key(PGconn *c, const char *environment, json_t *input, struct arena *arena,
                         const char **ret_token, struct fault *fault)
{
    const char *id;
    const char *clock;
    char random[TOKEN_LENGTH + 1];
    struct change made;
    token_random(random);
    change_begin(&made, random);
    enum err e = plan(access_key_fields, access_key_change, input, &made, fault);
    if (!e)
        e = find_environment(c, environment, &id, &clock, arena, fault);
    if (!e)
        e = change(c, &(struct target){QUERY_ACCESS_KEY_CHANGE, id, clock, NULL}, &made, fault);
    if (!e)
        *ret_token = arena_strdup(arena, json_string_value(json_object_get(made.reveal, "token")));
    change_done(&made);
    return e;
}

static enum err client_key(PGconn *c, const char *environment, const char *id, struct arena *arena,
                           const char **ret_token, struct fault *fault)
{
    auto_result PGresult *r = run_sql(c, queries[QUERY_INIT_CLIENT_KEY].sql, 1, &id, fault);
    if (!r)
        return fault->code;
    if (row_count(r) == 0)
        return make_key(c, environment, json_pack("{s:s, s:s}", "kind", "client", "name", "first"),
                        arena, ret_token, fault);
    *ret_token = arena_strdup(arena, row_text(r, 0, 0));
    return ERR_OK;
}

/* A lost key is not found again, and a new one at each call would pile up: only the first comes by
 * itself. */
static enum err secret_key(PGconn *c, const struct init_options *o, const char *id,
                           struct arena *arena, const char **ret_token, struct fault *fault)
{
    auto_result PGresult *r = run_sql(c, queries[QUERY_INIT_SECRET_KEY].sql, 1, &id, fault);
    if (!r)
        return fault->code;
    if (row_bool(r, 0, 0) && !o->wants_secret_key)
        return ERR_OK;
    json_t *input = json_pack("{s:s, s:s, s:s, s:[s]}", "kind", "secret", "name", "mete init",
                              "role", "admin", "scopes", "backfill");
    return make_key(c, o->environment, input, arena, ret_token, fault);
}

static enum err make_admin(PGconn *c, struct fault *fault)
{
    auto_result PGresult *r = run_sql(c, queries[QUERY_INIT_ADMIN].sql, 0, NULL, fault);
    return r ? ERR_OK : fault->code;
}

static enum err make_all(PGconn *c, const struct init_options *o, struct arena *arena,
                         struct init_result *made, struct fault *fault)
{
    const char *id;
    const char *clock;
    enum err e = find_environment(c, o->environment, &id, &clock, arena, fault);
    made->is_new = !e && !id;
    if (made->is_new)
        e = make_environment(c, o, fault);
    if (made->is_new && !e)
        e = find_environment(c, o->environment, &id, &clock, arena, fault);
    if (!e)
        e = client_key(c, o->environment, id, arena, &made->client_key, fault);
    if (!e)
        e = secret_key(c, o, id, arena, &made->secret_key, fault);
    return e ? e : make_admin(c, fault);
}

enum err init_run(const char *conninfo, const struct init_options *options, struct arena *arena,
                  struct init_result *ret, struct fault *ret_fault)
{
    auto_connection PGconn *c = NULL;
    struct init_result made = {0};
    enum err e = connect_to(conninfo, &c, ret_fault);
    if (e)
        return e;
    auto_result PGresult *begun = run_sql(c, "begin", 0, NULL, ret_fault);
    e = begun ? make_all(c, options, arena, &made, ret_fault) : ret_fault->code;
    if (e)
        return e;
    auto_result PGresult *committed = run_sql(c, "commit", 0, NULL, ret_fault);
    if (!committed)
        return ret_fault->code;
    *ret = made;
    return ERR_OK;
}

enum err init_login_link(const char *conninfo, struct arena *arena, const char **ret_token,
                         struct fault *ret_fault)
{
    auto_connection PGconn *c = NULL;
    char token[TOKEN_LENGTH + 1];
    uint8_t hash[ACCESS_HASH_BYTES];
    char bytea[2 + 2 * sizeof(hash) + 1] = "\\x";
    const char *params[] = {bytea};
    token_random(token);
    access_token_hash(token, hash);
    text_hex(hash, sizeof(hash), bytea + 2);
    enum err e = connect_to(conninfo, &c, ret_fault);
    if (e)
        return e;
    auto_result PGresult *r = run_sql(c, queries[QUERY_INIT_LOGIN_LINK].sql, 1, params, ret_fault);
    if (!r)
        return ret_fault->code;
    if (row_count(r) == 0)
        return fault_set(ret_fault, ERR_NOT_FOUND, "",
                         "there is no admin yet: mete init makes one");
    *ret_token = arena_strdup(arena, token);
    return ERR_OK;
}
