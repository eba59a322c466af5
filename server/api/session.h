// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Sessions of people: a one-time link or a password (account.h) opens one, logout ends it. The
 * cookie is for this host alone, out of reach for scripts and not sent from other sites.
 */
#pragma once

#include "api/desk_request.h"
#include "base/field.h"

#include <stdbool.h>
#include <stdint.h>

#define SESSION_HOURS (7 * 24)

/* GET /login/{token}: 303 with the cookie, to / or to where a password is set; 401 when the link is
 * used, old or unknown. */
route_fn session_login;
/* POST /api/v1/logout: 204. */
route_fn session_logout;
/* GET session: the user behind the session (null for a key) and the environments it may see. */
route_fn session_read;
/* GET sessions: the open ones of who asks. DELETE: one of them, or all. */
route_fn session_list, session_end, session_end_all;
extern const struct field session_list_fields[];

/* False: a key asks, which was refused. */
bool session_is_asking(struct desk_request *r);
/* A fresh token into r->token, and its hash. */
void session_token(struct desk_request *r, uint8_t ret_hash[ACCESS_HASH_BYTES]);
/* Browser and system of who asks. */
const char *session_agent(const struct desk_request *r);
/* Puts the cookie with r->token onto the coming reply. */
void session_reply_open(struct desk_request *r);
