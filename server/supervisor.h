// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The parent of all children: opens the listening sockets, forks edges, desk and worker, starts a
 * dead child again at once (slower when it keeps dying), passes SIGTERM (drain) and SIGHUP
 * (settings) on. Has no event loop, no database connection and no state to lose.
 */
#pragma once

#include "settings.h"

/* Runs until SIGTERM or SIGINT, or until a child says that it never can run (EXIT_UNFIT). Returns
 * the exit status. 'argc' and 'argv' are read again on SIGHUP. */
int supervisor_run(struct settings *settings, int argc, char **argv);
