// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The rows of one commit, sorted by key, and the parts of it that are still to be sent (one at
 * first; more when the database refused it and it was halved).
 */
#pragma once

#include "engine/ingest/ingest_request.h"
#include "store/event/visitor_event.h"

/* Of one statement or record: far below what PostgreSQL and SQLite take. */
#define INGEST_BATCH_BYTES (8u * 1024 * 1024)

struct ingest_row {
    struct ingest_request *request;
    size_t index;   /* of the event in its request */
    size_t arrival; /* its order: of two with one key the first is the new one */
    bool is_new;
};

struct ingest_part {
    size_t from, to;
    int64_t seq; /* the seq before its first row; -1: none given yet */
};

struct ingest_batch {
    struct ingest_row *rows;
    size_t count, capacity;
    size_t bytes;                 /* of the rows' properties */
    struct ingest_part parts[40]; /* a stack, the next one on top: halving 2^32 rows needs 33 */
    size_t part_count;
};

/* Sets the status of one row; the request's fn is called with its last one. */
void ingest_row_finish(struct ingest_row *row, enum ingest_status status, enum err err);

void ingest_batch_done(struct ingest_batch *b);
void ingest_batch_clear(struct ingest_batch *b);
void ingest_batch_add(struct ingest_batch *b, struct ingest_request *request, size_t index);
/* Moves the first rows of another one here, sorted by key, as one part: up to 'count' of them, and
 * fewer when their properties make up 'bytes' before (one at least). */
void ingest_batch_take(struct ingest_batch *b, struct ingest_batch *other, size_t count,
                       size_t bytes);

bool ingest_batch_has_part(const struct ingest_batch *b);
/* Returns the part on top; there must be one. */
struct ingest_part *ingest_batch_part(struct ingest_batch *b);
bool ingest_batch_pop(struct ingest_batch *b, struct ingest_part *ret);
/* Replaces the part on top (of two rows or more) by its halves. */
void ingest_batch_halve(struct ingest_batch *b);

/* Returns the rows of a part, in the arena, dealt out to so many slices. */
struct visitor_event_rows *ingest_batch_rows(const struct ingest_batch *b,
                                             const struct ingest_part *part, int slices,
                                             struct arena *arena);
/* Returns the days of a part, each once, in the arena. */
const int32_t *ingest_batch_days(const struct ingest_batch *b, const struct ingest_part *part,
                                 struct arena *arena, size_t *ret_count);
/* The event as JSON, for a person who asks what was refused. */
const char *ingest_row_text(const struct ingest_row *row, struct arena *arena);
