// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * People who use the UI. A user is invited by a link that works once, and sets a password then;
 * 'reset' takes password, second factor and sessions away and makes such a link anew. Users are
 * disabled, never deleted: the audit log speaks of them.
 */
#pragma once

#include "base/json/field.h"
#include "model/change.h"

extern const struct field app_user_fields[];
/* What one says to sign in, and to change one's own e-mail address or password. */
extern const struct field app_user_login_fields[];
extern const struct field app_user_account_fields[];
/* The same to begin, confirm and remove a second factor. */
extern const struct field app_user_factor_fields[];
extern const struct field app_user_confirm_fields[];
extern const struct field app_user_remove_factor_fields[];

/* Nobody grants a role above the actor's, and the last admin stays one. The context tells
 * {"other_admins"}: how many there are beside this one. Creating and resetting reveal the link. */
change_fn app_user_change;

/* Could it be an e-mail address? */
bool app_user_is_email(const char *email);
/* How an address is compared and kept: in lower case. The text is changed in place. */
void app_user_fold_email(char *email);
