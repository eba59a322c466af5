// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The clocks of those who sent lately, known to all edges of a machine together: one visitor's
 * events come over many connections, and what one edge learned must hold at the others, or its
 * events would be parted. A table of fixed size in shared memory, made before the first fork;
 * whoever has not been heard of for the longest is forgotten. A process that dies within it leaves
 * it open to the others.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ingest_clocks;

/* Who sends: a visitor of an environment by its pages and apps, or a server that speaks for it. */
struct ingest_sender {
    const char *visitor_id;
    int environment_id;
    bool is_public;
};

/* Of 'sets' (a power of two) times four senders; never given back. */
struct ingest_clocks *ingest_clocks_new(size_t sets);

/* Puts a time right that was told in a request whose sent_at was so far behind; see sender_clock.h.
 * Returns false when the clock is too far off. */
bool ingest_clocks_right(struct ingest_clocks *t, const struct ingest_sender *sender,
                         int64_t behind_us, int64_t told_us, int64_t *ret_us);
