// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What answering one request costs beyond some milliseconds is done on the desk's threads, so that
 * no reader holds up another. The work gets plain data that nothing else touches meanwhile: no
 * PGresult, and it allocates nothing in the request's arena; the reply is written on the loop.
 */
#pragma once

#include "api/route/desk_request.h"

/* Calls work(arg) in a thread, then reply(arg) from the loop; that must answer r, whose reader may
 * have gone. Returns false when there is no room; r has then been answered. */
bool desk_work_send(struct desk_request *r, loop_fn *work, loop_fn *reply, void *arg);
