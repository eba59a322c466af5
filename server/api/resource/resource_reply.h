// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How a resource goes out: its view in the order of its table, with the ETag.
 */
#pragma once

#include "api/resource/resource.h"

/* A view as the database writes it: a new reference; NULL: others wrote there, what we do not read.
 */
json_t *resource_parse(const char *text);

/* Replies with one. 'reveal' (may be NULL) adds members. 201 gets a Location. */
void resource_reply(struct desk_request *r, const struct resource *resource, int status,
                    const json_t *view, int64_t version, const json_t *reveal);
/* Replies 500: what the database holds of it cannot be read. */
void resource_reply_unreadable(struct desk_request *r, const struct resource *resource);
#define RESOURCE_UNREADABLE "what the database holds of this %s cannot be read"
/* Replies 404, with a sentence that names the resource. */
void resource_reply_absent(struct desk_request *r, const struct resource *resource);
