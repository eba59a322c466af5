// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lists page by page: ?limit= and ?after= in, {"items":[…],"next":…} out. A statement is asked for
 * one row more than the page holds: whether it is there tells whether there is a next page.
 */
#pragma once

#include "api/route/desk_request.h"

struct desk_page {
    int rows;          /* to ask the statement for */
    const char *after; /* NULL: from the beginning */
};

/* The parameters of a page, for the row of its route. */
#define DESK_PAGE_QUERY                                                                            \
    {.name = "limit",                                                                              \
     .kind = FIELD_INT,                                                                            \
     .min = 1,                                                                                     \
     .max = 500,                                                                                   \
     .initial = "50",                                                                              \
     .meaning = "how many"},                                                                       \
    {                                                                                              \
        .name = "after", .kind = FIELD_TEXT, .meaning = "what the page before gave as next"        \
    }
extern const struct field desk_page_query[];

/* Returns false when the parameters are wrong; the request has then been answered. */
bool desk_page_read(struct desk_request *r, struct desk_page *ret);

/* Appends an item of which the database told the text. */
typedef void desk_item_fn(const void *arg, const char *item, struct buf *out);
/* Replies with the page that the request asked for; see store/page.h for the result. 'add' NULL:
 * items go out as the database told them. */
void desk_page_reply(struct desk_request *r, const PGresult *result, desk_item_fn *add,
                     const void *arg);
