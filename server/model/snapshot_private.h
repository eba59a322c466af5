// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files that compile a snapshot share.
 */
#pragma once

#include "model/snapshot.h"

#include <jansson.h>

/* A copy in the arena. */
struct buf_slice snapshot_slice(struct arena *arena, const struct buf *b);
/* A member that is a string, copied; "" when it is none. */
const char *snapshot_text(struct arena *arena, const json_t *object, const char *key);
/* ,"cta":"Buy" */
struct buf_slice snapshot_render_flag(struct arena *arena, const char *key, const json_t *value);

/* ,"page":{"asks":["country"],"allows_html":false,"tracking":[],"campaigns":{"checkout":{…}}}: what
 * the browser SDK needs to know of an environment whose campaigns have been read. */
struct buf_slice snapshot_render_page(struct snapshot *s, const struct snapshot_environment *e,
                                      const json_t *row);

/* All that the browser SDK needs to decide by itself, of an environment whose page has been
 * rendered. Holds no key and names no visitor. */
struct buf_slice snapshot_render_config(struct snapshot *s, const struct snapshot_environment *e,
                                        const json_t *row);

enum campaign_kind snapshot_campaign_kind(const json_t *row);
/* Everything of a campaign but its layer and its place. */
enum err snapshot_read_campaign(struct snapshot *s, struct snapshot_environment *e,
                                struct snapshot_campaign *c, const json_t *row,
                                struct fault *ret_fault) must_use;
