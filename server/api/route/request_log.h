// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What is known of each request afterwards: its id, in the reply and in the log, and its count in
 * the counters. Logged are method, the route's pattern, status and time; never a path (it may hold
 * a token), a body, a key or an address.
 */
#pragma once

#include "api/route/route.h"

/* The client's X-Request-Id, if it is 1 to 64 letters, digits or any of ".-_"; else a new one. Sets
 * request->id and the reply's X-Request-Id. First thing in on_head. */
void request_log_begin(struct http_request *request);
/* Returns the request's id as a member for log_line_with, in the request's arena. */
const char *request_log_member(const struct http_request *request);
/* "GET" */
const char *request_log_verb(enum http_verb verb);
/* Counts and logs a request that was replied to: on_reply calls it. 'route' is NULL when none was
 * found; 'table' is the one that it stands in. */
void request_log_end(const struct http_request *request, const struct route *route,
                     const struct route_table *table, int status, int64_t took_us);
