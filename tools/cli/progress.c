// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_US 100000
#define BAR_CELLS 30

void progress_init(struct progress *p, const char *label, uint64_t total)
{
    *p = (struct progress){.label = label,
                           .total = total,
                           .began_us = clock_mono_us(),
                           .is_terminal = isatty(STDERR_FILENO) == 1};
}

static void draw_bar(double part)
{
    char bar[BAR_CELLS + 1];
    int full = (int)(part * BAR_CELLS);
    memset(bar, '#', (size_t)full);
    memset(bar + full, '.', (size_t)(BAR_CELLS - full));
    bar[BAR_CELLS] = '\0';
    fprintf(stderr, "[%s] %3d %% ", bar, (int)(part * 100));
}

static void draw_rest(double part, int64_t took_us)
{
    double left = (double)took_us / 1e6 * (1 - part) / part;
    if (took_us > 2 * SECOND_US && left >= 1)
        fprintf(stderr, ", %d:%02d left", (int)left / 60, (int)left % 60);
}

void progress_show(struct progress *p, uint64_t count, const char *note)
{
    int64_t now = clock_mono_us();
    if (!p->is_terminal || now - p->shown_us < REDRAW_US)
        return;
    p->shown_us = now;
    double part = p->total ? (double)count / (double)p->total : 0;
    if (part > 1)
        part = 1;
    fprintf(stderr, "\r\x1b[K%s ", p->label);
    if (p->total)
        draw_bar(part);
    fprintf(stderr, "%llu", (unsigned long long)count);
    if (note)
        fprintf(stderr, ", %s", note);
    if (part > 0)
        draw_rest(part, now - p->began_us);
    fflush(stderr);
}

void progress_done(struct progress *p)
{
    if (p->is_terminal && p->shown_us)
        fputs("\r\x1b[K", stderr);
}
