// SPDX-License-Identifier: GPL-3.0-or-later
/* Drafts, for those who hold a signed link to one. */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>

/* Asks what links to a campaign are made of. */
void preview_send_find(struct pg *pg, int64_t environment_id, const char *campaign_key,
                       pg_answer_fn *fn, void *arg);
struct preview_campaign {
    int64_t campaign_id, generation;
    const char *secret;   /* in hex */
    const char *status;   /* of the campaign */
    const char *variants; /* JSON: [{key, name, is_control}] */
};
/* Borrows from the result; false: there is no such campaign. */
bool preview_read_campaign(const PGresult *result, struct preview_campaign *ret);

/* Asks for a draft, for edges. */
void preview_send_read(struct pg *pg, int64_t environment_id, int64_t campaign_id, pg_answer_fn *fn,
                       void *arg);
struct preview_draft {
    const char *key;
    int64_t generation;
    const char *secret;   /* of its environment now, in hex */
    const char *document; /* JSON: a snapshot in which it alone runs */
    const char *names;    /* JSON: {its key: {name, variants: {key: name}}} */
};
/* Borrows from the result; false: there is no such campaign. */
bool preview_read_draft(const PGresult *result, struct preview_draft *ret);
