// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a child does, as a const row for each kind: how it begins, drains, reads new settings and
 * ends.
 */
#pragma once

#include "child_spec.h"
#include "io/net/loop.h"
#include "io/net/tls.h"
#include "settings.h"

struct child_task_options {
    struct loop *loop;
    const struct settings *settings; /* lives as long as the child */
    const struct child_spec *spec;
    const char *name; /* lives as long as the child */
    /* The database holds another schema than this program: no restart helps. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

struct child_task {
    void *(*start)(const struct child_task_options *options);
    void (*drain)(void *state, loop_fn *fn, void *arg);
    void (*reload)(void *state, const struct settings *fresh); /* NULL: nothing to reload */
    void (*set_tls)(void *state, struct tls *tls); /* NULL: has no port. 'tls' may be NULL */
    void (*free)(void *state);
};

/* The index is an enum child_kind. */
extern const struct child_task child_tasks[];
