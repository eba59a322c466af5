// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * HTTP client of the command line program, on libcurl's multi interface: several requests in
 * flight over kept connections, each answered through a callback. What a server refuses for the
 * moment (429, 503, connection lost) is sent again, after Retry-After or a growing pause, until the
 * timeout ends; so only requests that may arrive twice are marked repeatable. No threads: work is
 * done within client_wait and client_call.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;

struct client_options {
    const char *key;    /* the bearer token; copied */
    unsigned in_flight; /* most connections and requests at once; >= 1 */
    int64_t timeout_us; /* how long one request is tried again */
};

/* Borrowed for the callback. */
struct client_reply {
    int status; /* 0: no answer came */
    const char *body;
    size_t body_bytes;
    const char *why; /* status 0: what failed */
};

typedef void client_fn(void *arg, const struct client_reply *reply);

struct client_request {
    const char *method;
    const char *url;
    const char *body; /* JSON, copied; NULL: none */
    size_t body_bytes;
    const char *content_type; /* NULL: application/json */
    bool is_repeatable;       /* arriving twice does no harm: sent again when a connection breaks */
    client_fn *fn;            /* called exactly once */
    void *arg;
};

struct client *client_new(const struct client_options *options);
/* Requests in flight are dropped without a callback. */
void client_free(struct client *c);

/* Queues the request; nothing moves until client_wait. */
void client_send(struct client *c, const struct client_request *request);
/* Requests queued or in flight. */
size_t client_pending(const struct client *c);
/* Works until at most 'pending' requests are left. Callbacks may send more. */
void client_wait(struct client *c, size_t pending);
/* How often a request had to be sent again. */
uint64_t client_retries(const struct client *c);

/* The error a reply stands for: ERR_OK for 2xx, else *ret_fault holds the sentence and pointer of
 * its problem document, or says what failed. */
enum err client_reply_err(const struct client_reply *reply, struct fault *ret_fault);

/* One JSON request, waited for. 'body' may be NULL. On ERR_OK *ret_json (which may be NULL) is a
 * new reference to the reply, or NULL when it had none. */
enum err client_call(struct client *c, const char *method, const char *url, const char *body,
                     json_t **ret_json, struct fault *ret_fault) must_use;

/* Percent-encodes a path or query part; free with mem_free. */
char *client_escape(const char *part);
