// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Where the server is and with which key a verb talks to it: options, else environment variables
 * (METE_EDGE_URL, METE_DESK_URL, METE_SECRET_KEY), else the file var/credentials.json of the
 * current directory. And the few calls that every verb makes.
 */
#pragma once

#include "base/arena.h"
#include "tools/cli/client.h"
#include "tools/cli/options.h"

struct connection {
    const char *edge; /* URLs without a slash at the end */
    const char *desk;
    const char *key;
    const char *environment; /* for verbs that only read; NULL: the key's own */
    bool is_json;            /* --json: for machines */
};

/* Rows for option_table.shared, with offsets in struct connection. */
#define CONNECTION_ROWS 4
extern const struct option_row connection_rows[CONNECTION_ROWS];

/* Completes what the options left open. ERR_INVALID: something is missing or not a URL. Texts live
 * in the arena. */
enum err connection_complete(struct connection *c, struct arena *arena,
                             struct fault *ret_fault) must_use;

/* The database for a verb that works without a server: the option, else METE_DATABASE_URL, else
 * what tools/up wrote down; as the owner of its tables, METE_DATABASE_OWNER_URL comes before. In
 * the arena, or what was given; NULL: none is known. */
const char *connection_database(const char *option, struct arena *arena);
const char *connection_owner_database(const char *option, struct arena *arena);

/* The desk as the file has it; NULL: it does not. In the arena. */
const char *connection_known_desk(struct arena *arena);

/* desk + "/api/v1" + the formatted path, with ?environment= where one is chosen. In the arena; path
 * parts are escaped by the caller (resource keys need none). */
const char *connection_desk_url(const struct connection *c, struct arena *arena, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));
