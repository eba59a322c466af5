// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/role.h"

#include <string.h>

static const char *const names[ROLE_COUNT] = {"none",   "client",    "viewer",
                                              "editor", "publisher", "admin"};

const char *role_name(enum role role)
{
    return role < ROLE_COUNT ? names[role] : "none";
}

bool role_parse(const char *name, enum role *ret)
{
    for (int i = ROLE_CLIENT; i < ROLE_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *ret = (enum role)i;
            return true;
        }
    return false;
}
