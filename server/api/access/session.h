// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sessions of people: a one-time link (login_link.h) or a password (account.h) opens one, logout
 * ends it. The cookie is for this host alone, out of reach for scripts and not sent from other
 * sites.
 */
#pragma once

#include "api/route/desk_request.h"

#include <stdbool.h>
#include <stdint.h>

#define SESSION_HOURS (7 * 24)

/* Who asks, logging out, and the list of one's own sessions. */
extern const struct route session_routes[];

/* Returns whether a session asks. A key was refused already when this returns false. */
bool session_is_asking(struct desk_request *r);
/* Puts a fresh token into r->token, and its hash into 'ret_hash'. */
void session_token(struct desk_request *r, uint8_t ret_hash[TOKEN_HASH_BYTES]);
/* Returns the names of the browser and system that ask. */
const char *session_agent(const struct desk_request *r);
/* Puts the cookie with r->token onto the coming reply. */
void session_reply_open(struct desk_request *r);
