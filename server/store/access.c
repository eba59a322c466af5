// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/access.h"

#include "base/mem.h"
#include "io/row.h"
#include "sql/queries.h"

#include <string.h>

static void send_hash(struct pg *pg, enum query query, const uint8_t *hash, pg_answer_fn *fn,
                      void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, hash, ACCESS_HASH_BYTES);
    pg_send(pg, query, &params, fn, arg);
}

void access_send_key(struct pg *pg, const uint8_t hash[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                     void *arg)
{
    send_hash(pg, QUERY_ACCESS_BY_KEY, hash, fn, arg);
}

void access_send_session(struct pg *pg, const uint8_t hash[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                         void *arg)
{
    send_hash(pg, QUERY_ACCESS_BY_SESSION, hash, fn, arg);
}

bool access_read(const PGresult *result, struct access_holder *ret)
{
    if (row_count(result) == 0)
        return false;
    struct access_holder holder = {
        .is_user = strcmp(row_text(result, 0, 1), "user") == 0,
        .id = row_int(result, 0, 0),
        .environment_id = row_is_null(result, 0, 3) ? 0 : row_int(result, 0, 3),
    };
    must(role_parse(row_text(result, 0, 2), &holder.role));
    *ret = holder;
    return true;
}

static void param_opening(struct pg_params *params, const struct access_opening *opening)
{
    pg_param_bytes(params, opening->session, ACCESS_HASH_BYTES);
    pg_param_int(params, opening->hours);
    pg_param_text(params, opening->agent);
}

void access_send_open(struct pg *pg, const uint8_t link[ACCESS_HASH_BYTES],
                      const struct access_opening *opening, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_bytes(&params, link, ACCESS_HASH_BYTES);
    param_opening(&params, opening);
    pg_send(pg, QUERY_ACCESS_OPEN_SESSION, &params, fn, arg);
}

void access_send_open_by_password(struct pg *pg, int64_t user_id, const char *hash,
                                  const struct access_opening *opening, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_int(&params, user_id);
    pg_param_text(&params, hash);
    param_opening(&params, opening);
    pg_send(pg, QUERY_ACCESS_OPEN_BY_PASSWORD, &params, fn, arg);
}

void access_send_find_password(struct pg *pg, const char *email, int64_t user_id, pg_answer_fn *fn,
                               void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, email);
    if (email)
        pg_param_null(&params);
    else
        pg_param_int(&params, user_id);
    pg_send(pg, QUERY_ACCESS_FIND_PASSWORD, &params, fn, arg);
}

void access_read_password(const PGresult *result, struct access_password *ret)
{
    *ret = (struct access_password){0};
    if (row_count(result) == 0)
        return;
    ret->user_id = row_int(result, 0, 0);
    ret->hash = row_is_null(result, 0, 1) ? NULL : row_text(result, 0, 1);
}

void access_send_close(struct pg *pg, const uint8_t session[ACCESS_HASH_BYTES], pg_answer_fn *fn,
                       void *arg)
{
    send_hash(pg, QUERY_ACCESS_CLOSE_SESSION, session, fn, arg);
}

void environment_send_find(struct pg *pg, const char *key, pg_answer_fn *fn, void *arg)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    pg_param_text(&params, key);
    pg_send(pg, QUERY_ENVIRONMENT_FIND, &params, fn, arg);
}

int64_t environment_read_id(const PGresult *result)
{
    return row_count(result) == 0 ? 0 : row_int(result, 0, 0);
}
