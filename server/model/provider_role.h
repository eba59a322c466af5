// SPDX-License-Identifier: GPL-3.0-or-later
/* Which role an identity provider's claim stands for, by a setting: "devs=editor, leads=publisher".
 */
#pragma once

#include "base/err.h"
#include "model/role.h"

#include <jansson.h>

/* ERR_INVALID with a sentence where it is no such list. */
enum err provider_role_check(const char *map, struct fault *ret_fault) must_use;
/* The highest role that the claim's text, or any of its texts, stands for; ROLE_NONE: none. 'map'
 * was checked. */
enum role provider_role_find(const char *map, const json_t *claim);
/* A role of people by its name, or ROLE_NONE. */
enum role provider_role_named(const char *name, size_t length);
