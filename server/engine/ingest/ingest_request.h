// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The events of one HTTP request on their way into the database, and what became of each.
 */
#pragma once

#include "base/arena.h"
#include "model/event/visitor_event.h"

enum ingest_status { INGEST_WAITING, INGEST_ACCEPTED, INGEST_DUPLICATE, INGEST_REFUSED };

/* The events of one request. Everything is the sender's and must live until 'fn' was called. */
struct ingest_request {
    int environment_id;
    const struct visitor_event *events;
    size_t count;
    enum ingest_status *statuses; /* one for each event */
    const char **refusals;        /* why, for INGEST_REFUSED; texts live in 'arena' */
    struct arena *arena;
    /* ERR_OK: all statuses are known and what was accepted is committed. ERR_UNAVAILABLE, ERR_BUSY:
     * nothing is known; the same request may be sent again. */
    void (*fn)(struct ingest_request *request, enum err err);
    void *arg;

    size_t waiting; /* used by ingest */
    enum err err;
};
