// SPDX-License-Identifier: GPL-3.0-or-later
/* What the worker is told, and tells each of its tasks and parts. */
#pragma once

#include <stdint.h>

struct counter_page;

struct worker_options {
    const char *conninfo;                /* borrowed */
    const char *name;                    /* shown in pg_stat_activity; borrowed */
    int fold_connections;                /* as in fold_options */
    const struct counter_page *counters; /* as in fold_options */
    int64_t note_days; /* refusals and readings in the audit log that are older go; 0: none */
    int64_t keep_days; /* events that are older go, where no results need them; 0: none go */
    /* The database holds another schema than this program: called once, then nothing more works. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};
