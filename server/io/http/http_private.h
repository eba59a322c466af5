// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The parts of the HTTP server behind http.h. A connection that waits for a request is one small
 * struct; what a request needs (buffer, head, arena) is an exchange, taken from the server's pool
 * with the first byte and given back with the reply. Only http_connection_settle decides what a
 * connection waits for, and only it and http_connection_break end one.
 */
#pragma once

#include "base/text.h"
#include "io/coding/coding.h"
#include "io/http/http.h"
#include "io/http/http_chunked.h"
#include "io/http/http_head.h"
#include "io/http/http_state.h"
#include "io/net/tls.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <sys/queue.h>
#include <time.h>

#define HTTP_BUFFER_BYTES 8192 /* of a connection's buffer, unless a head needs more */
#define HTTP_POOL         64   /* spare buffers, exchanges and arenas kept */
#define HTTP_REFUSED      128  /* connections over the caps that are answered at one time */

enum http_deadline {
    DEADLINE_NONE,
    DEADLINE_IDLE,
    DEADLINE_HEADER,
    DEADLINE_BODY,
    DEADLINE_WRITE,
    DEADLINE_LINGER,
    DEADLINE_DRAIN,
    DEADLINE_COUNT
};

struct http_exchange {
    struct http_request request; /* first: the service's pointer leads back here */
    struct http_connection *connection;
    struct http_exchange *next_spare;
    int64_t begun_us;
    int64_t body_us;  /* when the head was complete */
    size_t limit;     /* largest body */
    size_t in_bytes;  /* of the connection's buffer that this request occupies */
    bool is_in_place; /* the body stands in the connection's buffer */
    struct http_head head;
    struct http_chunked chunked;
    enum coding coding;  /* of the body */
    struct buf body;     /* when not in place */
    size_t body_counted; /* in bodies_bytes */
    struct buf headers;
};

struct http_connection {
    struct http_server *server; /* NULL: the server is gone too */
    struct http_exchange *exchange;
    struct http_address *address;
    struct tls_stream *tls; /* NULL: plain */
    struct event event;
    LIST_ENTRY(http_connection) all;
    TAILQ_ENTRY(http_connection) due;
    int64_t deadline_us;
    int64_t queued_us; /* where it stands in the queue: not later than the deadline */
    int64_t write_us;  /* since when the socket is full */
    int64_t opened_us;
    char *in;
    size_t in_capacity, in_begin, in_end, out_sent, lingered_bytes;
    struct buf out;
    int fd;
    short events;                /* that 'event' is waiting for */
    unsigned char state, socket; /* http_state.c alone changes them */
    unsigned char deadline;
    bool is_closing; /* the peer will send no more; what it has sent may still be there */
    bool has_more;   /* the socket may not have been read dry: no edge will tell */
    bool is_running; /* within http_connection_run, which settles it afterwards */
    bool was_asked;
    bool is_refused;  /* over the caps */
    bool wants_write; /* TLS must write before it can read */
    bool is_not_tls;  /* HTTP came where TLS is spoken */
};

TAILQ_HEAD(http_due, http_connection);
LIST_HEAD(http_connections, http_connection);

struct http_listener {
    struct http_server *server;
    struct http_listener *next;
    struct event event;
    int fd;
};

struct http_address {
    struct http_address *next;
    unsigned char key[16]; /* IPv6, or IPv4 mapped into it; of IPv6 the first 64 bits count */
    unsigned count;
    char text[48];
};

#define HTTP_ADDRESS_BUCKETS 4096

struct http_server {
    struct loop *loop;
    struct http_limits limits;
    struct http_service service;
    struct tls *tls; /* of connections that come now; NULL: plain */
    struct http_listener *listeners;
    struct loop_timer *accept_timer;
    struct http_connections connections;
    unsigned open;     /* sockets that count against the caps */
    unsigned refused;  /* sockets over the caps, still being answered */
    unsigned existing; /* connection structs, also those without a socket */
    size_t bodies_bytes;
    struct http_address *addresses[HTTP_ADDRESS_BUCKETS];
    uint64_t address_seed;
    struct http_due due[DEADLINE_COUNT];
    struct loop_timer *due_timer;
    int64_t due_timer_us; /* when it fires; INT64_MAX: not armed */
    int64_t now_us;       /* of the callback that is running */
    bool is_draining;
    int64_t drain_us; /* nobody's deadline is later */
    loop_fn *drained_fn;
    void *drained_arg;
    time_t date_second;
    char date[40]; /* "Date: …\r\n" */
    struct buf head;
    struct http_exchange *spare_exchanges;
    unsigned spare_exchange_count;
    char *spare_buffers[HTTP_POOL];
    unsigned spare_buffer_count;
    struct arena *spare_arenas[HTTP_POOL];
    unsigned spare_arena_count;
};

/* http_pool.c: what a request needs, kept for the next one */
void http_pool_done(struct http_server *s);
struct http_exchange *http_exchange_take(struct http_connection *c);
/* Gives the exchange back, with its arena. */
void http_exchange_drop(struct http_connection *c);
struct arena *http_arena_take(struct http_server *s);
/* Makes room for 'room' more bytes behind in_end, in a buffer of at most 'most' bytes; moves what
 * is in the buffer. */
void http_buffer_reserve(struct http_connection *c, size_t room, size_t most);
void http_buffer_drop(struct http_connection *c);

/* http_address.c: connections counted per address */
/* Counts a connection of a peer and returns the peer's entry; NULL on unix sockets. */
struct http_address *http_address_take(struct http_server *s, const void *sockaddr);
/* Returns how many connections this address has; of IPv6, its /64 network. */
unsigned http_address_count(struct http_server *s, const struct http_address *a);
void http_address_drop(struct http_server *s, struct http_address *a);

/* http_deadline.c: deadlines of one kind have nearly one order, so each kind is a queue and the
 * server has one timer */
void http_deadline_set(struct http_connection *c, enum http_deadline kind, int64_t at_us);
void http_deadline_clear(struct http_connection *c);
loop_fn http_deadline_on_timer;

/* http_output.c: bytes on their way to the socket */
/* Queues two pieces; writes them at once unless 'may_wait' or something is queued already. */
void http_output_add(struct http_connection *c, const struct buf *head, const void *body,
                     size_t body_bytes, bool may_wait);
void http_output_flush(struct http_connection *c);
size_t http_output_pending(const struct http_connection *c);

/* http_connection.c: what a connection waits for, and its end */
struct http_connection *http_connection_new(struct http_server *s, int fd,
                                            struct http_address *address, bool is_refused);
/* Answers everything that has come, then settles; the connection may be gone afterwards. */
void http_connection_run(struct http_connection *c);
void http_connection_settle(struct http_connection *c);
/* Closes the socket at once. The struct lives on while the service has its request. */
void http_connection_break(struct http_connection *c);
void http_connection_expire(struct http_connection *c);
void http_connection_free(struct http_connection *c);

/* http_input.c: bytes from the socket, and how they become requests */
size_t http_input_read(struct http_connection *c); /* returns how much has come */
/* Reads what TLS holds back and no event will tell of; false: nothing. */
bool http_input_read_held(struct http_connection *c);
/* How many bytes may be read ahead of the request in work. */
size_t http_input_ahead(const struct http_connection *c);
/* Takes the next step; false when it needs bytes or the service. */
bool http_input_step(struct http_connection *c);
/* Answers with an error of the server's own, after which nothing is read from this connection. */
void http_input_refuse(struct http_connection *c, int status, const char *detail);

/* http_accept.c */
void http_accept_stop(struct http_server *s);
loop_fn http_accept_on_timer;

/* http_server.c: a connection struct is gone, and a drain may be complete */
void http_server_on_gone(struct http_server *s);
