// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A change of one resource, between what was read and what will be written: every resource has a
 * function of type change_fn that checks it and says what follows from it. Pure: the same change
 * comes to the same plan.
 */
#pragma once

#include "base/err.h"
#include "model/role.h"

#include <jansson.h>
#include <stdbool.h>

struct change {
    const char *action;     /* "create", "patch", "delete" or a move: "start", "panic"… */
    enum role role;         /* of the actor */
    const json_t *before;   /* the view; NULL on create */
    const json_t *context;  /* what else was read: each resource's query says what */
    const json_t *argument; /* the body of a move; NULL: none */
    bool keeps_seed;        /* of a patch: a phase that it opens has the seed of the one before */
    const char *random;     /* 43 characters of base64url that nobody can guess, fresh each time */
    json_t *document;       /* canonical, complete; NULL on delete and moves. May be filled in */
    json_t *plan;           /* an empty object: gets what the SQL function is to do beside */
    json_t *reveal;         /* an empty object: gets members shown once, in the reply alone */
};

/* ERR_OK, or why not, with a pointer into the document. */
typedef enum err change_fn(struct change *change, struct fault *ret_fault);
