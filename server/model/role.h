// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who may do what, from least to most: the role stands in the route table, a key or a user has one.
 */
#pragma once

#include <stdbool.h>

enum role {
    ROLE_NONE,      /* nobody asked: public routes */
    ROLE_CLIENT,    /* a page or app: decide and send events */
    ROLE_VIEWER,    /* reads everything in its environment */
    ROLE_EDITOR,    /* writes drafts, flags, metrics */
    ROLE_PUBLISHER, /* starts and stops what visitors see */
    ROLE_ADMIN,     /* keys, environments, users */
    ROLE_COUNT
};

/* "client", "viewer", … */
const char *role_name(enum role role);
/* False when there is no such role ("none" is not one a person can have). */
bool role_parse(const char *name, enum role *ret);
