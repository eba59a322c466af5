// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Being run by systemd, or by who speaks like it: sockets that were opened before the program
 * began, and word about how it does. The supervisor alone.
 */
#pragma once

#include "base/err.h"

#include <stdint.h>

#define ACTIVATION_EDGES 64

struct activation {
    int edges[ACTIVATION_EDGES]; /* sockets called "edge" */
    int edge_count;
    int desk; /* the socket called "desk"; -1: none */
};

/* Takes what LISTEN_FDS, LISTEN_FDNAMES and LISTEN_PID pass on. ERR_INVALID: a name or a file that
 * makes no sense here. */
enum err activation_read(struct activation *ret, struct fault *ret_fault) must_use;

/* "READY=1" and the like, to NOTIFY_SOCKET; nobody listening is fine. */
void activation_tell(const char *state);
/* How often "WATCHDOG=1" is wanted at the least, in microseconds; 0: nobody wants it. */
int64_t activation_watchdog_us(void);
