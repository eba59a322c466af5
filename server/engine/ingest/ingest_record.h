// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Events as bytes, for the spool: what ingest needs of each to store it later, judged already.
 * Pure.
 */
#pragma once

#include "base/text.h"
#include "engine/ingest/ingest_batch.h"

/* Appends the event of a row. A record is one or more of them behind each other. */
void ingest_record_add(struct buf *b, const struct ingest_row *row);

/* Returns the events of a record, as *ret_count requests (one for each run of events of one
 * environment), without fn and arg. Everything lives in 'arena' or is borrowed from 'bytes'.
 * Returns NULL when the bytes are not what ingest_record_add makes. */
struct ingest_request *ingest_record_read(struct arena *arena, const void *bytes, size_t length,
                                          size_t *ret_count);
