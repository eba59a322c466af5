// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_state.h"

#include "base/mem.h"

/* From each state the states that may follow. A refusal may come before the first byte, and takes
 * the place of the service that was asked. */
static const unsigned followers[HTTP_GONE + 1] = {
    [HTTP_READ_HEAD] = 1u << HTTP_ASK,
    [HTTP_ASK] = 1u << HTTP_ASK | 1u << HTTP_READ_HEAD | 1u << HTTP_READ_BODY | 1u << HTTP_WORK |
                 1u << HTTP_LAST | 1u << HTTP_LAST_LINGER | 1u << HTTP_GONE,
    [HTTP_READ_BODY] = 1u << HTTP_WORK | 1u << HTTP_ASK,
    [HTTP_WORK] = 1u << HTTP_READ_HEAD | 1u << HTTP_LAST | 1u << HTTP_LAST_LINGER | 1u << HTTP_GONE,
    [HTTP_LAST_LINGER] = 1u << HTTP_LINGER,
};

void http_state_enter(unsigned char *state, enum http_state next)
{
    must(followers[*state] & 1u << next);
    *state = (unsigned char)next;
}

void http_state_note(unsigned char *socket, enum http_socket met)
{
    if (met > *socket)
        *socket = (unsigned char)met;
}
