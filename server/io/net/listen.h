// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Listening sockets, opened by the supervisor before it forks: one SO_REUSEPORT socket per edge
 * slot, so that a restarted child finds its waiting connections.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>

/* "host:port", "[v6]:port", ":port" (all addresses) or "unix:/path" (an old socket file is
 * replaced). Returns a non-blocking close-on-exec listening socket through *ret_fd. */
enum err listen_open(const char *address, bool is_shared_port, int *ret_fd,
                     struct fault *ret_fault) must_use;
