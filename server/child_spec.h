// SPDX-License-Identifier: GPL-3.0-or-later
/* Which child a process is: known to the supervisor that starts it and to the child itself. */
#pragma once

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

struct counter_page;
struct guard_tables;
struct ingest_clocks;
struct child_tls;

enum child_kind { CHILD_EDGE, CHILD_DESK, CHILD_WORKER, CHILD_SENDER };

struct child_spec {
    enum child_kind kind;
    int slot;      /* number among its kind */
    int slots;     /* how many of its kind there are */
    int listen_fd; /* -1: none */
    struct counter_page *counters;
    size_t counter_slot; /* the index of its slot there */
    struct guard_tables *limits;
    struct ingest_clocks *clocks;
    struct child_tls *tls; /* the child has its own copy */
    pid_t parent;          /* who must live */
    sigset_t signals;      /* the mask it runs with, once its handlers stand */
};

/* "edge-0", "desk", "worker", "sender" */
void child_name(const struct child_spec *spec, char out[32]);
