// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files that compile a snapshot share.
 */
#pragma once

#include "base/json/field.h"
#include "model/snapshot/snapshot.h"

#include <jansson.h>

/* THE shape of the document. */
extern const struct field snapshot_fields[];

/* A document on its way to a snapshot: it fits the table, so members are there and of their kind.
 */
struct snapshot_reading {
    struct snapshot *snapshot;
    const json_t *document;
    struct snapshot_layer *layers;
    struct buf config; /* the running campaigns, as the two replies for browsers show them */
    struct buf page;
};

/* JSON being rendered, and where its holes are. */
struct snapshot_draft {
    struct buf text;
    struct buf holes; /* of struct snapshot_hole */
    struct arena *arena;
};

/* A copy without the members that say no more than their absence: null, false, an empty list. For
 * what a page reads, where each of them is optional; the caller's reference. */
json_t *snapshot_lean(const json_t *value);
void snapshot_draft_add_value(struct snapshot_draft *d, const json_t *value);
void snapshot_draft_add_text(struct snapshot_draft *d, const char *text, size_t length);
/* Adds the text from its byte 'from' on. */
void snapshot_draft_add(struct snapshot_draft *d, const struct snapshot_text *text, size_t from);
/* What was added, in the arena; the draft is empty again, and needs no end. */
struct snapshot_text snapshot_draft_take(struct snapshot_draft *d);

/* Returns a copy in the arena. */
struct buf_slice snapshot_slice(struct arena *arena, const struct buf *b);
/* A member that is a string, copied. */
const char *snapshot_member(struct arena *arena, const json_t *object, const char *key);
/* ,"cta":"Buy" */
struct snapshot_text snapshot_render_flag(struct arena *arena, const char *key,
                                          const json_t *value);

/* Appends what the browser SDK needs to know of a running campaign. */
void snapshot_page_add(struct snapshot_reading *r, const json_t *row);
/* Appends a running campaign as the browser SDK decides from it. Names no visitor. */
void snapshot_config_add(struct snapshot_reading *r, const struct snapshot_campaign *c,
                         const json_t *row);
/* ,"page":{"asks":["country"],"allows_html":false,"tracking":[],"campaigns":{"checkout":{…}}}: of a
 * snapshot whose campaigns have been read. */
struct buf_slice snapshot_page_end(struct snapshot_reading *r);
/* All that the browser SDK needs to decide by itself, once the page stands. Holds no key. */
struct buf_slice snapshot_config_end(struct snapshot_reading *r);

/* Reads everything of a campaign but its running_index. The fault's pointer begins at the campaign.
 * */
enum err snapshot_read_campaign(struct snapshot_reading *r, struct snapshot_campaign *c,
                                const json_t *row, struct fault *ret_fault) must_use;
