// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Everything the desk keeps is handled by the same five handlers, driven by one row a resource:
 * list, read, create, patch (RFC 7396), delete, and the moves of its life. Route paths are
 * /api/v1/<path>, /api/v1/<path>/{key} and /api/v1/<path>/{key}/<move>.
 */
#pragma once

#include "api/desk_request.h"
#include "base/field.h"
#include "model/change.h"
#include "store/config.h"

#include <stdbool.h>

struct resource {
    const char *path;    /* "campaigns" */
    const char *noun;    /* "campaign", also the name of its schema */
    const char *article; /* "a" or "an" */
    enum config_kind kind;
    const struct field *fields; /* describes the view; what can be written of it is the document */
    change_fn *change;          /* NULL: lists only */
    bool is_global;             /* not within an environment */
    const char *key;            /* the member that names one: "key", "id" */
};

/* The row that a route's path belongs to, or NULL. */
const struct resource *resource_find(const char *route_path);

/* "create", "patch", "delete" or the last word of the path: what a route does. */
const char *resource_action(const struct route *route);

/* Which environment a statement on the resource may touch; 0: any. */
int64_t resource_scope(const struct resource *resource, const struct desk_request *r);
