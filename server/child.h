// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A child process: one event loop with one task. Drains on SIGTERM, reads settings again on SIGHUP,
 * leaves when its parent dies.
 */
#pragma once

#include "settings.h"

#include <sys/types.h>

enum child_kind { CHILD_EDGE, CHILD_DESK, CHILD_WORKER };

struct child_spec {
    enum child_kind kind;
    int slot;      /* number among its kind */
    int listen_fd; /* -1: none */
    int edge_count;
    pid_t parent; /* who must live */
};

/* "edge-0", "desk", "worker" */
void child_name(const struct child_spec *spec, char out[32]);
/* Runs the child in this process and returns its exit status. */
int child_run(const struct child_spec *spec, struct settings *settings, int argc, char **argv);
