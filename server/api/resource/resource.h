// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE table of what the desk keeps, one row a resource. All of them are listed, read, created,
 * patched (RFC 7396), deleted and moved through their lives by the same handlers; a row says what
 * is called how, who may, which fields it has, what a change of it means and which statements store
 * it. Its routes follow from it: /api/v1/<path>, /api/v1/<path>/{key}, and
 * /api/v1/<path>/{key}/<move>.
 */
#pragma once

#include "api/route/desk_request.h"
#include "base/json/field.h"
#include "model/change.h"
#include "store/config/config.h"

#include <stdbool.h>

/* What can be done with one beside patching and deleting it: POST. */
struct resource_move {
    const char *word; /* of the path, and the action of the change */
    enum role role;
    const struct field *fields; /* of the body; NULL: it has none */
    size_t bytes;               /* of the body at most; 0: it is small */
    const char *summary;
    bool is_urgent; /* waits for no other change, and on no connection that one may hold up */
};

/* Row of the query of each change. */
#define RESOURCE_DRY_RUN                                                                           \
    {                                                                                              \
        .name = "dry_run", .kind = FIELD_BOOL,                                                     \
        .meaning = "true: nothing is changed; checks it, and says what would follow"               \
    }

struct resource {
    const char *path;           /* "campaigns" */
    const char *noun;           /* "campaign", also the name of its schema */
    const char *article;        /* "a" or "an" */
    const char *statements;     /* "campaign": campaign_list, campaign_read, campaign_change */
    const struct field *fields; /* describes the view; what can be written of it is the document */
    change_fn *change;          /* NULL: lists only */
    bool is_global;             /* not within an environment */
    bool is_environment;        /* it is the environments themselves */
    bool is_access;             /* who may do what hangs on it: a change is felt at once */
    const char *key;            /* the member that names one: "key", "id" */
    const struct field *patch_query;   /* of PATCH; NULL: as of other changes */
    enum role reader;                  /* who may list and read, */
    enum role writer;                  /* who may create, patch and delete */
    const char *list;                  /* these: what the routes do, in a line; */
    const char *create;                /* NULL: others make it, and it is not patched */
    const char *remove;                /* NULL: one cannot be deleted */
    const struct resource_move *moves; /* ends with an empty row; or NULL */
};

extern const struct resource resources[];
extern const size_t resource_count;

/* What a route does with its resource: the subject of the route. */
struct resource_step {
    const struct resource *resource;
    const char *action; /* "list", "read", "create", "patch", "delete" or the word of a move */
    struct config_statements statements;
};

/* Which environment a statement on the resource may touch; 0: any. */
int64_t resource_scope(const struct resource *resource, const struct desk_request *r);
