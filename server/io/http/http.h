// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * HTTP/1.1 server on the loop: one event per connection, heads read strictly (http_head.h),
 * replies written at once and EV_WRITE armed only when the socket is full. Requests of one
 * connection are answered in order, one at a time (pipelined bytes wait in the connection's
 * buffer). Refused before any handler runs: two Content-Length, Content-Length with
 * Transfer-Encoding, a body with GET or HEAD, an unknown transfer coding, a missing or double Host,
 * obs-fold, bare LF, NUL, HTTP versions but 1.0 and 1.1, CONNECT; an offered Upgrade is not taken
 * up and the connection closed after the reply. A body that comes compressed (Content-Encoding) is
 * handed over unpacked, and its limit holds for both of its forms. A refused connection is closed
 * after the reply, so nothing after the error is ever read as a request. Deadlines are absolute: a
 * client that trickles bytes gains nothing.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "io/http/http_verb.h"
#include "io/net/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct http_limits {
    size_t header_bytes;              /* request line and headers together: 431 beyond */
    size_t pipeline_bytes;            /* read ahead of the request in work, at most */
    size_t bodies_bytes;              /* all bodies in memory: 503 beyond; 0: no cap */
    int64_t header_us;                /* first byte of a request to end of headers: 408 beyond */
    int64_t body_us;                  /* end of headers to end of body: 408 beyond */
    int64_t idle_us;                  /* between requests: closed silently beyond */
    int64_t write_us;                 /* a reply that is not taken: closed beyond, for each MiB */
    unsigned connections;             /* beyond: 503, Retry-After, closed */
    unsigned connections_per_address; /* the same; IPv6 counts by /64; 0: no cap */
};

/* One request. Valid from on_head until http_reply returns, even when the connection is gone
 * before: the reply is then thrown away. What it points to lives as long. */
struct http_request {
    struct arena *arena;
    enum http_verb verb;
    const char *path;  /* raw, without the query, begins with '/' (or "*" for OPTIONS) */
    const char *query; /* raw, after '?'; "" when there is none */
    char *body; /* writable, NUL-terminated behind body_bytes; NULL before the body has come */
    size_t body_bytes;
    const char *peer_address; /* numeric; "" on unix sockets */
    const uint8_t *peer_ip;   /* its 16 bytes, IPv4 mapped into IPv6; NULL on unix sockets */
    bool is_tls;
    const char *id; /* for the service: what its log calls the request; or NULL */
    void *user;     /* for the service: set in on_head, read in on_request */
};

struct http_service {
    /* Headers are complete. Returns the largest body to take (0: none) — or answers at once with
     * http_reply (any error status) and returns 0: on_request is then not called. */
    size_t (*on_head)(void *arg, struct http_request *request);
    /* Body is complete. Must lead to exactly one http_reply, now or from a later callback. */
    void (*on_request)(void *arg, struct http_request *request);
    /* Called once for each reply sent, for metrics and the access log; may be NULL. Also for the
     * server's own errors: the path is then "" if it could not be read. */
    void (*on_reply)(void *arg, const struct http_request *request, int status, int64_t took_us);
    /* Writes the body of an error the server itself answers (400, 408, 413, 415, 417, 431, 501,
     * 503, 505): returns a string in the request's arena and its content type. */
    const char *(*error_body)(void *arg, struct arena *arena, int status, const char *detail,
                              const char **ret_content_type);
    const char
        *headers; /* lines, each ended by CR LF, on every reply, also the server's own; or NULL */
    const char *tls_headers; /* the same, where the connection speaks TLS, or 'is_tls' says so */
    /* Does the client speak TLS to somebody in front of us? Also asked of the server's own errors:
     * 'user' is NULL where no headers can be asked for. May be NULL. */
    bool (*is_tls)(void *arg, const struct http_request *request);
    void *arg;
};

struct http_server;
struct tls;

/* 'service' and 'limits' are copied. Serves nothing until http_server_listen. */
struct http_server *http_server_new(struct loop *l, const struct http_limits *limits,
                                    const struct http_service *service);
/* Closes everything at once; not from within a callback of the service. Requests still in work stay
 * valid: each must get its http_reply, which then goes nowhere. */
void http_server_free(struct http_server *s);
/* Takes over a listening, non-blocking socket. */
void http_server_listen(struct http_server *s, int fd);
/* Connections that come from now on speak TLS by this certificate; NULL: none do. */
void http_server_set_tls(struct http_server *s, struct tls *tls);
void http_server_set_limits(struct http_server *s, const struct http_limits *limits);
/* Stops accepting, closes idle connections, answers what is in work with "Connection: close", then
 * calls fn(arg) once, from the loop. Clients are waited for 5 s at most, the service for as long as
 * it takes. */
void http_server_drain(struct http_server *s, loop_fn *fn, void *arg);
unsigned http_server_connections(const struct http_server *s);

/* Finds a request header by its lower-case name; returns NULL when there is none. Several of one
 * name are joined by ", ". */
const char *http_header_n(const struct http_request *r, const char *lower_name, size_t length);
static inline const char *http_header(const struct http_request *r, const char *lower_name)
{
    return http_header_n(r, lower_name, strlen(lower_name));
}
/* A percent-decoded query parameter in the request's arena ('+' is a space), or NULL; first of
 * several. Invalid escapes, NUL or UTF-8: NULL and ERR_INVALID through *ret_err (which may be NULL
 * and is otherwise untouched). */
const char *http_query(const struct http_request *r, const char *name, enum err *ret_err);
/* Percent-decodes [s, s+length) into the arena; NULL on bad escapes, NUL, or invalid UTF-8. */
const char *http_decode(struct arena *arena, const char *s, size_t length);

/* Adds a header to the coming reply. Name and value are copied; CR and LF in a value end the
 * program. */
void http_reply_header(struct http_request *r, const char *name, const char *value);
/* Adds a header as the program has it, whole: "Vary: Origin\r\n". */
void http_reply_line(struct http_request *r, const char *line);
/* Sends the reply (Content-Length, Date, Connection as needed; no body for HEAD, 204, 304). 'body'
 * is copied or written before the call returns. 'content_type' may be NULL for an empty body. The
 * request is gone afterwards. Exactly once for each request. */
void http_reply(struct http_request *r, int status, const char *content_type, const void *body,
                size_t body_bytes);
