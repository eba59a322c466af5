// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/app_user.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/token.h"
#include "model/kept.h"

#include <ctype.h>
#include <string.h>

#define EMAIL_BYTES        254
#define PASSWORD_BYTES_MIN 10
#define PASSWORD_BYTES     200
#define CODE_BYTES         40
#define ENVIRONMENTS       1000

static const char *const environment_roles[] = {"none", "viewer", "editor", "publisher", NULL};
static const struct field environment_role_entry[] = {
    {.name = "environment", .kind = FIELD_KEY, .meaning = "its key"},
    {.name = "role",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = environment_roles,
     .meaning = "what the user may do there"},
};
static const char *const roles[] = {"viewer", "editor", "publisher", "admin", NULL};

/* One @ with something on both sides, no spaces: whether it is somebody's, only a letter tells. */
bool app_user_is_email(const char *email)
{
    const char *at = strchr(email, '@');
    return at && at > email && at[1] && !strchr(at + 1, '@') &&
           !email[strcspn(email, " \t\n/:<>\"")];
}

static enum err check_email(const json_t *value, struct fault *fault)
{
    return app_user_is_email(json_string_value(value))
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be an e-mail address");
}

#define EMAIL(how, what)                                                                           \
    {                                                                                              \
        .name = "email", .kind = FIELD_TEXT, .marks = (how), .max = EMAIL_BYTES,                   \
        .check = check_email, .meaning = (what)                                                    \
    }

const struct field app_user_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    EMAIL(FIELD_REQUIRED, "what the user signs in with, kept in lower case"),
    {.name = "role",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = roles,
     .meaning = "viewer reads, editor writes drafts, publisher starts and stops, admin does all"},
    {.name = "environment_roles",
     .kind = FIELD_MAP,
     .of = environment_role_entry,
     .max = ENVIRONMENTS,
     .initial = "{}",
     .meaning = "by key, where it is another one; none closes an environment; an admin is one in "
                "all"},
    {.name = "is_disabled",
     .kind = FIELD_BOOL,
     .initial = "false",
     .meaning = "may no longer sign in; all sessions end"},
    {.name = "has_password",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "false: was invited, and has not set one yet"},
    {.name = "has_second_factor",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "a code is asked for beside the password"},
    {.name = "seen_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when an open session of the user was last used"},
    {.name = "link",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "path that opens a session once, within three days; in the reply that made it"},
    KEPT_FIELDS,
    {0},
};

const struct field app_user_login_fields[] = {
    EMAIL(FIELD_REQUIRED, "as the user was invited"),
    {.name = "password",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = PASSWORD_BYTES,
     .meaning = "the user's own"},
    {.name = "code",
     .kind = FIELD_TEXT,
     .max = CODE_BYTES,
     .meaning = "of the second factor, where the user has one; or a recovery code"},
    {0},
};

const struct field app_user_account_fields[] = {
    EMAIL(0, "the new address; nothing: stays"),
    {.name = "password",
     .kind = FIELD_TEXT,
     .min = PASSWORD_BYTES_MIN,
     .max = PASSWORD_BYTES,
     .meaning = "the new password; nothing: stays"},
    {.name = "old_password",
     .kind = FIELD_TEXT,
     .max = PASSWORD_BYTES,
     .meaning = "the password that holds now; needed as soon as one was set"},
    {0},
};

#define OLD_PASSWORD                                                                               \
    {                                                                                              \
        .name = "old_password", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .min = 1,             \
        .max = PASSWORD_BYTES, .meaning = "the password that holds now"                            \
    }

const struct field app_user_factor_fields[] = {OLD_PASSWORD, {0}};

const struct field app_user_confirm_fields[] = {
    {.name = "code",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = CODE_BYTES,
     .meaning = "what the app shows now"},
    {0},
};

const struct field app_user_remove_factor_fields[] = {
    OLD_PASSWORD,
    {.name = "code",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = CODE_BYTES,
     .meaning = "of the second factor, or a recovery code"},
    {0},
};

void app_user_fold_email(char *email)
{
    for (char *at = email; *at; at++)
        *at = (char)tolower((unsigned char)*at);
}

static void fold_document(json_t *document)
{
    auto_free char *email = mem_strdup(json_string_value(json_object_get(document, "email")));
    app_user_fold_email(email);
    must(json_object_set_new(document, "email", json_string(email)) == 0);
}

static void plan_link(struct change *change)
{
    uint8_t hash[TOKEN_HASH_BYTES];
    char hex[2 * sizeof(hash) + 1];
    token_hash(change->random, hash);
    text_hex(hash, sizeof(hash), hex);
    must(json_object_set_new(change->plan, "link_sha256", json_string(hex)) == 0);
    must(json_object_set_new(change->reveal, "link", json_sprintf("/login/%s", change->random)) ==
         0);
}

static bool is_active_admin(const json_t *user)
{
    const char *role = json_string_value(json_object_get(user, "role"));
    return strcmp(role, "admin") == 0 && !json_is_true(json_object_get(user, "is_disabled"));
}

static enum err check_last_admin(const struct change *change, struct fault *fault)
{
    if (!is_active_admin(change->before) || is_active_admin(change->document) ||
        json_integer_value(json_object_get(change->context, "other_admins")) > 0)
        return ERR_OK;
    bool is_disabling = json_is_true(json_object_get(change->document, "is_disabled"));
    return fault_set(fault, ERR_CONFLICT, is_disabling ? "/is_disabled" : "/role",
                     "this is the last admin: make another one first");
}

static enum err check_role(const struct change *change, struct fault *fault)
{
    enum role role;
    must(role_parse(json_string_value(json_object_get(change->document, "role")), &role));
    if (role <= change->role)
        return ERR_OK;
    return fault_set(fault, ERR_FORBIDDEN, "/role", "the role %s cannot grant %s",
                     role_name(change->role), role_name(role));
}

static enum err plan_reset(struct change *change, struct fault *fault)
{
    if (json_is_true(json_object_get(change->before, "is_disabled")))
        return fault_set(fault, ERR_CONFLICT, "", "the user is disabled");
    plan_link(change);
    return ERR_OK;
}

static enum err plan_create(struct change *change, struct fault *fault)
{
    if (json_is_true(json_object_get(change->document, "is_disabled")))
        return fault_set(fault, ERR_INVALID, "/is_disabled", "a new user cannot be disabled");
    plan_link(change);
    return ERR_OK;
}

enum err app_user_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "reset") == 0)
        return plan_reset(change, ret_fault);
    fold_document(change->document);
    enum err e = check_role(change, ret_fault);
    if (e)
        return e;
    return strcmp(change->action, "create") == 0 ? plan_create(change, ret_fault)
                                                 : check_last_admin(change, ret_fault);
}
