// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The states of a connection, and all that moves one from state to state. Calls nobody, reads and
 * writes nothing: what a state means for the socket is settled by http_connection.
 */
#pragma once

#include <stdbool.h>

enum http_state {
    HTTP_READ_HEAD, /* no bytes yet: idle */
    HTTP_ASK,       /* the service, or a refusal, has the head; no body has been read */
    HTTP_READ_BODY,
    HTTP_WORK,        /* the service has the request */
    HTTP_LAST,        /* the last reply is being written; then the end */
    HTTP_LAST_LINGER, /* the same, but the peer may be sending: then it lingers */
    HTTP_LINGER,
    HTTP_GONE /* no socket any more, but the service still has the request */
};

/* What is known of the socket; it goes forward alone. */
enum http_socket {
    HTTP_SOCKET_OPEN,
    HTTP_SOCKET_EOF,   /* the peer sends no more, and all it sent was read */
    HTTP_SOCKET_BROKEN /* nothing can be read or written, or is to be */
};

/* Ends the process when a connection's state has no way to the next one. */
void http_state_enter(unsigned char *state, enum http_state next);
/* What reading or writing has met; what was known before and says more stays. */
void http_state_note(unsigned char *socket, enum http_socket met);
/* The service has the head or the request, and has not answered. */
static inline bool http_state_is_at_work(unsigned char state)
{
    return state == HTTP_WORK || state == HTTP_ASK;
}
