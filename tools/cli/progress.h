// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A progress line on stderr for long work, redrawn ten times a second at most, and only where
 * stderr is a terminal: logs and pipes see nothing of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *label;
    uint64_t total;
    int64_t began_us;
    int64_t shown_us;
    bool is_terminal;
};

/* 'label' is borrowed. Total 0: unknown, only the count is shown. */
void progress_init(struct progress *p, const char *label, uint64_t total);
/* 'count' of the total is done. 'note' (or NULL) is a few words at the end of the line. */
void progress_show(struct progress *p, uint64_t count, const char *note);
/* Clears the line. */
void progress_done(struct progress *p);
