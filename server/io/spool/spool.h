// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Records that must outlive this process until somebody takes them: an SQLite file (WAL,
 * synchronous=FULL). It is there only while it holds something. Every call may block for the disk;
 * one user at a time, from any thread. A damaged file is kept beside under another name, and what
 * can still be read of it goes on in a new one: opening never fails for what a file holds.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool;

struct spool_record {
    int64_t id;    /* grows in the order of spool_append; given by it */
    int64_t at_us; /* when it came */
    int64_t items; /* what it holds, by the caller's count */
    const void *bytes;
    size_t length;
};

/* What a spool holds. */
struct spool_state {
    int64_t records;
    int64_t items;
    int64_t bytes;
    int64_t oldest_us; /* 0: nothing there */
};

/* Touches no file yet. 'bytes_max' limits what the file takes of the disk (not its log, which stays
 * below 8 MiB and the size of one record). */
struct spool *spool_new(const char *path, int64_t bytes_max);
/* Closes it; the file stays. NULL does nothing. */
void spool_free(struct spool *s);
/* Is there a file? Opens nothing. */
bool spool_has_file(const struct spool *s);
/* Opens a file that is there. ERR_BUSY: another process has it; ERR_IO. */
enum err spool_open(struct spool *s, struct fault *ret_fault) must_use;
/* On the disk (fsync) when it returns ERR_OK. ERR_TOO_LARGE: no room, in the file or on the disk;
 * ERR_BUSY, ERR_IO. After a failure the record may or may not be there. */
enum err spool_append(struct spool *s, const struct spool_record *record,
                      struct fault *ret_fault) must_use;
/* Calls fn for records with a higher id than 'after', in order, while it returns true. Its record
 * is borrowed for the call. */
typedef bool spool_fn(void *arg, const struct spool_record *record);
enum err spool_read(struct spool *s, int64_t after, spool_fn *fn, void *arg,
                    struct fault *ret_fault) must_use;
/* Forgets records up to this id; the file goes with the last one. On a full disk they may stay, to
 * be read again when the file is opened anew. */
void spool_forget(struct spool *s, int64_t up_to);
struct spool_state spool_state(const struct spool *s);
/* Tells once what a person should know: damage that was found. Returns NULL when there is nothing
 * to tell. The text is borrowed until the next call. */
const char *spool_take_news(struct spool *s);
