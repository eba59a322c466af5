// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events that were refused: all are counted, by reason and name, and some are kept for people to
 * look at. Counts gather in memory (ingest_tally.h) and are stored once a second, in rows that this
 * edge's writer alone adds to; with PostgreSQL away they wait, in bounded memory. Whoever has the
 * public key can send what is wrong without end, so of an environment INGEST_REFUSALS_MINUTE a
 * minute are kept, three of them with the same reason, each only so far as somebody reads, and
 * without what looks like an e-mail address. For an edge.
 */
#pragma once

#include "base/mem.h"
#include "io/net/loop.h"
#include "io/pg/pg.h"
#include "model/event/refusal.h"

#include <jansson.h>

/* One process keeps so many of an environment. */
#define INGEST_REFUSALS_MINUTE 60
/* So much of an event's text is kept. */
#define INGEST_REFUSALS_BYTES 1024

struct ingest_refusals;

/* 'pg' is borrowed. */
struct ingest_refusals *ingest_refusals_new(struct loop *l, struct pg *pg);
/* After pg_free. */
void ingest_refusals_free(struct ingest_refusals *r);
/* Counts are stored as this writer's from now on; -1: there is none, and they wait. */
void ingest_refusals_set_writer(struct ingest_refusals *r, int writer);
/* Counts one; 'name' is borrowed, as ingest_refusals_text gives it, "" where none can be read. */
void ingest_refusals_count(struct ingest_refusals *r, int environment_id, enum refusal why,
                           const char *name);
/* May one more of this environment with this reason be kept? Then it is counted as kept. */
bool ingest_refusals_admit(struct ingest_refusals *r, int environment_id, const char *reason);
/* The beginning of a text as it is kept, in the arena: without addresses, not cut within a
 * character, and UTF-8: of what is none each byte beyond ASCII is a question mark. */
const char *ingest_refusals_text(struct arena *arena, const char *text);
/* Counts the event (NULL: a whole request) and keeps it within a second, if one more may be kept
 * and PostgreSQL is there. Everything is borrowed for the call. */
void ingest_refusals_add(struct ingest_refusals *r, int environment_id, enum refusal why,
                         const struct fault *fault, const json_t *event);
/* The same of what is counted under 'name', and of which nothing was read. */
void ingest_refusals_add_named(struct ingest_refusals *r, int environment_id, enum refusal why,
                               const struct fault *fault, const char *name);
/* No more will come: stores what waits, if PostgreSQL is there, and then calls fn, once, from the
 * loop. */
void ingest_refusals_leave(struct ingest_refusals *r, loop_fn *fn, void *arg);
