// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/share.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/token.h"
#include "model/kept.h"

#include <stdio.h>
#include <string.h>

#define HINT_LENGTH 4

const struct field share_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "name",
     .kind = FIELD_TEXT,
     .max = 200,
     .initial = "\"\"",
     .meaning = "who it is for, for people"},
    {.name = "campaign",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "whose results it shows"},
    {.name = "days",
     .kind = FIELD_INT,
     .marks = FIELD_ONCE,
     .min = 1,
     .max = 365,
     .initial = "30",
     .meaning = "until it ends by itself"},
    {.name = "token",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "once, in the reply that made it: the page is /shared/ and this"},
    {.name = "hint",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "the token's last characters"},
    {.name = "actor", .kind = FIELD_TEXT, .marks = FIELD_READ_ONLY, .meaning = "who made it"},
    {.name = "is_open",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "it shows something: it has neither ended nor been revoked"},
    KEPT_FIELDS,
    {.name = "expires_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when it ends by itself"},
    {.name = "revoked_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when it was revoked"},
    {0},
};

static void set_text(json_t *object, const char *name, const char *text)
{
    must(json_object_set_new(object, name, json_string(text)) == 0);
}

static void plan_token(struct change *change)
{
    char token[SHARE_TOKEN_SIZE];
    uint8_t hash[TOKEN_HASH_BYTES];
    char hex[2 * sizeof(hash) + 1];
    int n = snprintf(token, sizeof(token), SHARE_PREFIX "%s", change->random);
    must(n > HINT_LENGTH && n < (int)sizeof(token));
    token_hash(token, hash);
    text_hex(hash, sizeof(hash), hex);
    set_text(change->plan, "token_sha256", hex);
    set_text(change->plan, "hint", token + n - HINT_LENGTH);
    set_text(change->reveal, "token", token);
}

static bool has_results(const json_t *context, const char *campaign)
{
    size_t i;
    json_t *key;
    json_array_foreach(json_object_get(context, "campaigns"), i, key) {
        if (strcmp(json_string_value(key), campaign) == 0)
            return true;
    }
    return false;
}

enum err share_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "create") != 0)
        return ERR_OK;
    const char *campaign = json_text_at(change->document, "campaign");
    if (!has_results(change->context, campaign))
        return fault_set(ret_fault, ERR_INVALID, "/campaign",
                         "there is no campaign %s with results", campaign);
    plan_token(change);
    return ERR_OK;
}
