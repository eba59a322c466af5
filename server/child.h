// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A child process: one event loop with one task. Drains on SIGTERM, reads settings again on SIGHUP,
 * leaves when its parent dies, and beats for as long as its loop turns (hang.h).
 */
#pragma once

#include "child_spec.h"
#include "settings.h"

/* Exit status of a child that no restart can help: wrong schema. */
#define EXIT_UNFIT 78

/* Runs the child in this process and returns its exit status. Signals are to be blocked: none of
 * those it handles may come before its handlers stand. */
int child_run(const struct child_spec *spec, struct settings *settings, int argc, char **argv);
