// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events into PostgreSQL, each exactly once. While a batch commits the next one gathers: no timer.
 * A reply is given only after the commit. One batch is in flight; its rows carry (writer, seq) in
 * commit order. A batch that the database refuses is halved until the culprit stands alone in
 * rejected_event. A broken connection leaves the outcome unknown: the senders are told to try
 * again, and ids make that harmless.
 */
#pragma once

#include "engine/ingest_request.h"
#include "io/loop.h"
#include "io/pg.h"

struct ingest;

struct ingest_limits {
    size_t batch_rows; /* most rows of one commit */
    size_t queue_rows; /* most rows waiting; beyond: ERR_BUSY */
};

/* 'pg' is borrowed and used for writing alone. */
struct ingest *ingest_new(struct loop *l, struct pg *pg, const struct ingest_limits *limits);
/* After pg_free. What still waits is answered with ERR_UNAVAILABLE before it returns. */
void ingest_free(struct ingest *in);
/* Takes the request; request->fn is called exactly once, later, from the loop. */
void ingest_send(struct ingest *in, struct ingest_request *request);
/* For the owner of the connection. */
void ingest_on_up(struct ingest *in);
void ingest_on_down(struct ingest *in);
/* Has a writer and a connection: a 202 is possible. */
bool ingest_is_ready(const struct ingest *in);
