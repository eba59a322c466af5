// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A real HTTP server on a loopback port and raw clients, all in one thread: a client's call turns
 * the loop until what it waits for has come, or fails the test after five seconds.
 */
#pragma once

#include "base/text.h"
#include "io/http/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEER_LATER 16

/* What the server does with a path:
 *   /echo         200 with the request's body
 *   /say          200 with "verb path|query|x-test|q|peer"
 *   /bytes?n=N    200 with N bytes
 *   /empty, /same 204, 304
 *   /later        kept in 'later' until the test answers it
 *   /no           401 from on_head
 * Bodies of up to 64 KiB are taken, none on /none. */
struct peer {
    struct loop *loop;
    struct http_server *server;
    int port;
    unsigned heads;    /* on_head was called */
    unsigned requests; /* on_request was called */
    unsigned replies;  /* on_reply was called */
    int last_status;   /* that on_reply told */
    char seen[4096];   /* the paths of on_head, each with a blank behind it */
    struct http_request *later[PEER_LATER];
    unsigned later_count;
};

struct http_limits peer_limits(void);
struct peer *peer_new(const struct http_limits *limits);
void peer_free(struct peer *p);
/* One turn of the loop. */
void peer_turn(struct peer *p);
/* Turns for so long. */
void peer_wait(struct peer *p, int64_t wait_us);
/* Answers the oldest of 'later'. */
void peer_answer(struct peer *p, int status, const char *body);

struct client {
    struct peer *peer;
    int fd;
    struct buf got;
    bool is_closed; /* the server closed */
    bool is_reset;
};

/* Connects and lets the server accept. */
struct client client_open(struct peer *p);
void client_done(struct client *c);
void client_send(struct client *c, const char *bytes, size_t length);
void client_say(struct client *c, const char *text);
/* Half-closes: the client has nothing more to say. */
void client_shut(struct client *c);
/* Reads what is there. */
void client_read(struct client *c);
/* Turns until 'count' final replies are complete; those to HEAD end with their head. */
void client_await(struct client *c, unsigned count, bool is_head);
void client_await_close(struct client *c);
/* Turns until the text has come. */
void client_await_text(struct client *c, const char *text);

/* The status codes of all complete replies, like "100 200 404". */
const char *client_statuses(const struct client *c, bool is_head);
bool client_has(const struct client *c, const char *text);
