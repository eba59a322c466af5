// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the files behind watch.h share.
 */
#pragma once

#include "api/watch/watch.h"
#include "api/watch/watch_text.h"

/* watch_request.c: requests by route and code, and how long they took */
void watch_write_requests(struct buf *b, const struct watch *watch);
/* watch_process.c: memory and processor time, from /proc */
void watch_write_processes(struct buf *b, struct counter_page *page);
