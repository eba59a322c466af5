// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/access_key.h"

#include "base/mem.h"
#include "base/token.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"client", "secret", NULL};
static const char *const roles[] = {"client", "viewer", "editor", "publisher", "admin", NULL};
static const char *const scope_words[] = {"events", "backfill", NULL};
static const struct field scope = {.kind = FIELD_WORD, .words = scope_words};

const struct field access_key_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "name",
     .kind = FIELD_TEXT,
     .max = 200,
     .initial = "\"\"",
     .meaning = "who uses it, for people"},
    {.name = "kind",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .words = kinds,
     .meaning = "client: public, decides and sends events; secret: for servers and people"},
    {.name = "role",
     .kind = FIELD_WORD,
     .words = roles,
     .meaning = "what a secret key may do here; viewer when nothing is said"},
    {.name = "scopes",
     .kind = FIELD_LIST,
     .max = 2,
     .of = &scope,
     .initial = "[]",
     .meaning = "of a secret key, which sends none without: events: may send events; "
                "backfill: of past days, too"},
    {.name = "environment",
     .kind = FIELD_KEY,
     .marks = FIELD_READ_ONLY,
     .meaning = "the one it belongs to"},
    {.name = "token",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "of a client key; of a secret key once, in the reply that made it"},
    {.name = "hint",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "the token's last characters"},
    {.name = "version",
     .kind = FIELD_INT,
     .marks = FIELD_READ_ONLY,
     .meaning = "number of its changes: the ETag"},
    {.name = "created_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when made"},
    {.name = "revoked_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when it ceased to work"},
    {0},
};

static void set_text(json_t *object, const char *name, const char *text)
{
    must(json_object_set_new(object, name, json_string(text)) == 0);
}

static void plan_token(struct change *change, bool is_client)
{
    char token[ACCESS_TOKEN_SIZE];
    uint8_t hash[TOKEN_HASH_BYTES];
    char hex[2 * sizeof(hash) + 1];
    int n =
        snprintf(token, sizeof(token), "%s%s",
                 is_client ? ACCESS_KEY_CLIENT_PREFIX : ACCESS_KEY_SECRET_PREFIX, change->random);
    must(n > 4 && n < (int)sizeof(token));
    token_hash(token, hash);
    text_hex(hash, sizeof(hash), hex);
    set_text(change->plan, "token_sha256", hex);
    set_text(change->plan, "hint", token + n - 4);
    if (is_client)
        set_text(change->plan, "token", token);
    set_text(change->reveal, "token", token);
}

static enum err check_client(const json_t *document, const char *role, struct fault *fault)
{
    if (strcmp(role, "client") != 0)
        return fault_set(fault, ERR_INVALID, "/role", "a client key has no role but client");
    if (json_array_size(json_object_get(document, "scopes")) > 0)
        return fault_set(fault, ERR_INVALID, "/scopes", "a client key has no scopes");
    return ERR_OK;
}

static enum err check_secret(const struct change *change, const char *name, struct fault *fault)
{
    enum role role;
    must(role_parse(name, &role));
    if (role == ROLE_CLIENT)
        return fault_set(fault, ERR_INVALID, "/role", "only client keys have the role client");
    if (role > change->role)
        return fault_set(fault, ERR_FORBIDDEN, "/role", "the role %s cannot grant %s",
                         role_name(change->role), name);
    return ERR_OK;
}

enum err access_key_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "delete") == 0)
        return ERR_OK;
    const char *kind = json_string_value(json_object_get(change->document, "kind"));
    bool is_client = strcmp(kind, "client") == 0;
    if (json_is_null(json_object_get(change->document, "role")))
        set_text(change->document, "role", is_client ? "client" : "viewer");
    const char *role = json_string_value(json_object_get(change->document, "role"));
    enum err e = is_client ? check_client(change->document, role, ret_fault)
                           : check_secret(change, role, ret_fault);
    if (!e && strcmp(change->action, "create") == 0)
        plan_token(change, is_client);
    return e;
}
