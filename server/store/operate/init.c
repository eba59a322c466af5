// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/init.h"

#include "base/mem.h"
#include "base/text.h"
#include "io/pg/row.h"
#include "store/columns.h"
#include "store/config/environment.h"
#include "store/database_ask.h"

#include <stdio.h>

#define NUMBER_SIZE 24

struct client_key_row {
    const char *token;
};

const struct column init_client_key_columns[] = {
    COLUMN(struct client_key_row, token, COLUMN_TEXT),
    {0},
};

struct secret_key_row {
    bool is_there;
};

const struct column init_secret_key_columns[] = {
    COLUMN(struct secret_key_row, is_there, COLUMN_BOOL),
    {0},
};

struct login_link_row {
    int64_t user_id;
};

const struct column init_login_link_columns[] = {
    COLUMN(struct login_link_row, user_id, COLUMN_INT),
    {0},
};

struct reset_row {
    int64_t user_count;
    bool is_changed;
};

const struct column second_factor_reset_columns[] = {
    COLUMN(struct reset_row, user_count, COLUMN_INT),
    COLUMN(struct reset_row, is_changed, COLUMN_BOOL),
    {0},
};

static const char *write_number(int64_t number, char ret[NUMBER_SIZE])
{
    snprintf(ret, NUMBER_SIZE, "%lld", (long long)number);
    return ret;
}

static PGresult *ask_of(PGconn *c, enum query query, int64_t environment_id,
                        struct fault *ret_fault)
{
    char id[NUMBER_SIZE];
    const char *const params[] = {write_number(environment_id, id)};
    return database_ask(c, query, 1, params, ret_fault);
}

enum err init_find_environment(PGconn *c, const char *key, struct init_environment *ret,
                               struct fault *ret_fault)
{
    const char *const params[] = {NULL, key, "false"};
    auto_answer PGresult *found = database_ask(c, QUERY_ENVIRONMENT_FIND, 1, params + 1, ret_fault);
    if (!found)
        return ret_fault->code;
    *ret = (struct init_environment){.id = environment_read_id(found)};
    if (!ret->id)
        return ERR_OK;
    auto_answer PGresult *r = database_ask(c, QUERY_ENVIRONMENT_READ, 3, params, ret_fault);
    if (!r)
        return ret_fault->code;
    struct config_row row;
    config_read(r, &row);
    ret->clock = row.clock;
    return ERR_OK;
}

enum err init_change(PGconn *c, const char *resource, const struct config_change *change,
                     struct fault *ret_fault)
{
    struct config_statements statements;
    char id[NUMBER_SIZE], clock[NUMBER_SIZE];
    const char *const params[] = {
        change->actor,
        change->environment_id ? write_number(change->environment_id, id) : NULL,
        write_number(change->clock, clock),
        change->action,
        change->key,
        change->document,
        change->plan,
    };
    must(config_find(resource, true, &statements));
    auto_answer PGresult *r = database_ask(c, (enum query)statements.change,
                                           sizeof(params) / sizeof(params[0]), params, ret_fault);
    if (!r)
        return ret_fault->code;
    if (pg_row_count(r) > 0)
        return ERR_OK;
    return fault_set(ret_fault, ERR_BUSY, "", "others are changing it: try again");
}

enum err init_find_client_key(PGconn *c, int64_t environment_id, struct arena *arena,
                              const char **ret_token, struct fault *ret_fault)
{
    struct client_key_row row = {0};
    auto_answer PGresult *r = ask_of(c, QUERY_INIT_CLIENT_KEY, environment_id, ret_fault);
    if (!r)
        return ret_fault->code;
    if (pg_row_count(r) > 0)
        column_read(init_client_key_columns, r, 0, &row);
    *ret_token = row.token ? arena_strdup(arena, row.token) : NULL;
    return ERR_OK;
}

enum err init_has_secret_key(PGconn *c, int64_t environment_id, bool *ret, struct fault *ret_fault)
{
    struct secret_key_row row;
    auto_answer PGresult *r = ask_of(c, QUERY_INIT_SECRET_KEY, environment_id, ret_fault);
    if (!r)
        return ret_fault->code;
    column_read(init_secret_key_columns, r, 0, &row);
    *ret = row.is_there;
    return ERR_OK;
}

enum err init_make_admin(PGconn *c, struct fault *ret_fault)
{
    auto_answer PGresult *r = database_ask(c, QUERY_INIT_ADMIN, 0, NULL, ret_fault);
    return r ? ERR_OK : ret_fault->code;
}

enum err init_make_login_link(PGconn *c, const uint8_t hash[TOKEN_HASH_BYTES],
                              struct fault *ret_fault)
{
    char bytea[2 + 2 * TOKEN_HASH_BYTES + 1] = "\\x";
    const char *const params[] = {bytea};
    text_hex(hash, TOKEN_HASH_BYTES, bytea + 2);
    auto_answer PGresult *r = database_ask(c, QUERY_INIT_LOGIN_LINK, 1, params, ret_fault);
    if (!r)
        return ret_fault->code;
    if (pg_row_count(r) > 0)
        return ERR_OK;
    return fault_set(ret_fault, ERR_NOT_FOUND, "", "there is no admin yet: mete init makes one");
}

enum err init_reset_second_factor(PGconn *c, const char *email, bool *ret_had_one,
                                  struct fault *ret_fault)
{
    struct reset_row row;
    auto_answer PGresult *r = database_ask(c, QUERY_SECOND_FACTOR_RESET, 1, &email, ret_fault);
    if (!r)
        return ret_fault->code;
    column_read(second_factor_reset_columns, r, 0, &row);
    if (row.user_count == 0)
        return fault_set(ret_fault, ERR_NOT_FOUND, "", "nobody has the e-mail address %s", email);
    *ret_had_one = row.is_changed;
    return ERR_OK;
}
