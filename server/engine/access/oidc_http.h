// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Requests to the identity provider, by libcurl. Each waits for its answer, 10 s at most, and takes
 * a quarter of a megabyte at most; redirects are not followed. Called by a thread only.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>

struct oidc_http {
    const char *url;
    const char *form; /* body of a POST; NULL: a GET */
    const char *user; /* these: HTTP basic authentication; NULL: none */
    const char *secret;
    const char *bearer; /* or NULL */
};

/* Returns the JSON object that it answered, a new reference, and its status; NULL with *ret_fault
 * (ERR_UNAVAILABLE) where there is none. */
json_t *oidc_http_ask(const struct oidc_http *request, long *ret_status, struct fault *ret_fault);
/* Appends "name=value" of a form or a query, escaped, behind a '&' where something stands before.
 */
struct buf;
void oidc_http_add(struct buf *b, const char *name, const char *value);
