// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A route table as an OpenAPI 3.1 document: everything in it is read off the rows. Knows no route
 * of its own; used once a process, when its port's document is asked for or made.
 */
#pragma once

#include "api/route/route.h"
#include "base/text.h"

struct description {
    const char *title;
    const char *server; /* URL under which the paths stand */
    const char *cookie; /* the session's, for routes that take one; NULL: none do */
    struct route_table table;
    /* What every route with a role takes and answers beside its row. */
    const struct field *query; /* may be NULL */
    unsigned problems;
};

void describe(const struct description *description, struct buf *out);
