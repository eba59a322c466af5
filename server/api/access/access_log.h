// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lines of the audit log about who was refused, and who looked at people's data. What happens for
 * the first time is written at once; what repeats is counted, and written as one line when the
 * window closes (a minute; ten, where there was too much for one). So whoever fails a million times
 * leaves a few lines. Refusals and readers have books of their own: a flood of the one hides
 * nothing of the other.
 */
#pragma once

#include "api/route/desk_request.h"

struct access_log *access_log_new(struct loop *l, struct pg *pg);
/* To be called after pg_free. */
void access_log_free(struct access_log *log);
/* Closes the window now. */
void access_log_flush(struct access_log *log);

/* Notes that the request was refused. 'action' is constant; 'actor' NULL: nobody knows who. */
void access_log_refusal(const struct desk_request *r, const char *action, const char *actor,
                        const char *resource);
/* Notes that the holder reads 'resource', of the chosen environment. */
void access_log_reading(const struct desk_request *r, const char *action, const char *resource);
