// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events that were refused, for people to look at: some of them. Whoever has the public key can
 * send what is wrong without end, so an environment keeps INGEST_REFUSALS_MINUTE a minute, three of
 * them with the same reason, and each of them only so far as somebody reads. All are counted and
 * all are told to their sender; this is a sample. For an edge.
 */
#pragma once

#include "io/net/loop.h"
#include "io/pg/pg.h"

#include <jansson.h>

/* One process keeps so many of an environment. */
#define INGEST_REFUSALS_MINUTE 60
/* So much of an event's text is kept. */
#define INGEST_REFUSALS_BYTES 4096

struct ingest_refusals;

/* 'pg' is borrowed. */
struct ingest_refusals *ingest_refusals_new(struct loop *l, struct pg *pg);
/* After pg_free. */
void ingest_refusals_free(struct ingest_refusals *r);
/* May one more of this environment with this reason be kept? Then it is counted. */
bool ingest_refusals_admit(struct ingest_refusals *r, int environment_id, const char *reason);
/* Keeps the event within a second, if one more may be kept and PostgreSQL is there. Everything is
 * borrowed for the call. */
void ingest_refusals_add(struct ingest_refusals *r, int environment_id, const struct fault *why,
                         const json_t *event);
