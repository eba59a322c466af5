// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/setup.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/token.h"
#include "model/admin/access_key.h"
#include "model/admin/environment.h"
#include "store/operate/init.h"

/* One installation in work. */
struct setup {
    PGconn *database;
    const struct setup_options *options;
    struct arena *arena;
    struct init_environment environment;
    struct fault *fault;
};

/* A kind of thing that is created here. */
struct kind {
    const char *resource;
    const struct field *fields;
    change_fn *change;
};

static enum err find_environment(struct setup *s)
{
    return init_find_environment(s->database, s->options->environment, &s->environment, s->fault);
}

/* A change by nobody in particular; key NULL where the database names it. */
static enum err write_change(struct setup *s, const struct kind *kind, const char *key,
                             const struct change *made)
{
    auto_buf struct buf document = {0};
    auto_buf struct buf plan = {0};
    json_add_value(&document, made->document);
    json_add_value(&plan, made->plan);
    const struct config_change written = {
        .actor = "system",
        .environment_id = s->environment.id,
        .clock = s->environment.clock,
        .action = made->action,
        .key = key,
        .document = document.data,
        .plan = plan.data,
    };
    return init_change(s->database, kind->resource, &written, s->fault);
}

/* Creates one thing; takes 'input'. 'ret_token' may be NULL. */
static enum err create(struct setup *s, const struct kind *kind, const char *key, json_t *input,
                       const char **ret_token)
{
    auto_json json_t *owned = input;
    char random[TOKEN_LENGTH + 1];
    token_random(random);
    must(owned);
    struct change made = {.action = "create",
                          .role = ROLE_ADMIN,
                          .random = random,
                          .plan = json_object(),
                          .reveal = json_object()};
    enum err e = field_read(kind->fields, owned, &made.document, s->fault);
    e = e ? e : kind->change(&made, s->fault);
    e = e ? e : write_change(s, kind, key, &made);
    if (!e && ret_token)
        *ret_token =
            arena_strdup(s->arena, json_string_value(json_object_get(made.reveal, "token")));
    json_decref(made.document);
    json_decref(made.plan);
    json_decref(made.reveal);
    return e;
}

static enum err make_environment(struct setup *s)
{
    static const struct kind kind = {"environment", environment_fields, environment_change};
    const struct setup_options *o = s->options;
    json_t *input = json_pack("{s:s, s:s, s:s?, s:s?}", "key", o->environment, "name",
                              o->environment, "currency", o->currency, "time_zone", o->time_zone);
    enum err e = create(s, &kind, o->environment, input, NULL);
    return e ? e : find_environment(s);
}

/* Each key moves the clock, so the environment is read again for it. */
static enum err make_key(struct setup *s, json_t *input, const char **ret_token)
{
    static const struct kind kind = {"access_key", access_key_fields, access_key_change};
    enum err e = find_environment(s);
    if (!e)
        return create(s, &kind, NULL, input, ret_token);
    json_decref(input);
    return e;
}

static enum err find_or_make_client_key(struct setup *s, const char **ret_token)
{
    enum err e =
        init_find_client_key(s->database, s->environment.id, s->arena, ret_token, s->fault);
    if (e || *ret_token)
        return e;
    return make_key(s, json_pack("{s:s, s:s}", "kind", "client", "name", "first"), ret_token);
}

/* A lost key is not found again, and a new one at each call would pile up: only the first comes by
 * itself. */
static enum err make_secret_key(struct setup *s, const char **ret_token)
{
    bool is_there;
    enum err e = init_has_secret_key(s->database, s->environment.id, &is_there, s->fault);
    if (e || (is_there && !s->options->wants_secret_key))
        return e;
    return make_key(s,
                    json_pack("{s:s, s:s, s:s, s:[s]}", "kind", "secret", "name", "mete init",
                              "role", "admin", "scopes", "backfill"),
                    ret_token);
}

static enum err make_all(struct setup *s, struct setup_result *made)
{
    enum err e = find_environment(s);
    made->is_new = !e && !s->environment.id;
    if (made->is_new)
        e = make_environment(s);
    e = e ? e : find_or_make_client_key(s, &made->client_key);
    e = e ? e : make_secret_key(s, &made->secret_key);
    return e ? e : init_make_admin(s->database, s->fault);
}

enum err setup_run(const char *conninfo, const struct setup_options *options, struct arena *arena,
                   struct setup_result *ret, struct fault *ret_fault)
{
    auto_database PGconn *database = NULL;
    struct setup_result made = {0};
    enum err e = database_open(conninfo, &database, ret_fault);
    struct setup s = {.database = database, .options = options, .arena = arena, .fault = ret_fault};
    e = e ? e : database_begin(database, ret_fault);
    e = e ? e : make_all(&s, &made);
    e = e ? e : database_commit(database, ret_fault);
    if (!e)
        *ret = made;
    return e;
}

enum err setup_login_link(const char *conninfo, struct arena *arena, const char **ret_token,
                          struct fault *ret_fault)
{
    auto_database PGconn *database = NULL;
    char token[TOKEN_LENGTH + 1];
    uint8_t hash[TOKEN_HASH_BYTES];
    token_random(token);
    token_hash(token, hash);
    enum err e = database_open(conninfo, &database, ret_fault);
    e = e ? e : init_make_login_link(database, hash, ret_fault);
    if (!e)
        *ret_token = arena_strdup(arena, token);
    return e;
}
