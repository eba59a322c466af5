// SPDX-License-Identifier: GPL-3.0-or-later
/* Events on their way into their table, and the partitions of it. */
#pragma once

#include "io/pg/pg.h"
#include "model/event/visitor_event.h"

/* The rows of one statement. */
struct visitor_event_rows;

/* Makes rows in the arena; visitors are dealt out to so many slices. */
struct visitor_event_rows *visitor_event_rows_new(struct arena *arena, size_t count, int slices);
/* 'event' is borrowed until the rows are sent. */
void visitor_event_rows_add(struct visitor_event_rows *rows, const struct visitor_event *event,
                            int environment_id);

/* Stores those that are not there yet, numbered from seq + 1 on in the order they were added. */
void visitor_event_send_insert(struct pg *pg, struct visitor_event_rows *rows, int writer,
                               int64_t seq, pg_answer_fn *fn, void *arg);
/* The number of one that was stored: each has a row. */
int64_t visitor_event_read_stored(const PGresult *result, int row);

/* Makes those partitions of 'days' (since 1970) that are missing, some at a time: the answer has a
 * row for each that was made. */
void visitor_event_send_partitions(struct pg *pg, const int32_t *days, size_t count,
                                   pg_answer_fn *fn, void *arg);
