// SPDX-License-Identifier: GPL-3.0-or-later
/* What spool.c (records) and spool_file.c (the SQLite file: opening, room, damage) share. */
#pragma once

#include "io/spool.h"

#include <sqlite3.h>

struct spool {
    char *path;
    char *log_path; /* SQLite's write-ahead log */
    int64_t bytes_max;
    sqlite3 *db; /* NULL: not open */
    sqlite3_stmt *insert, *select, *forget;
    int64_t last_id; /* of any record there was: none is given twice while the process lives */
    struct spool_state state;
    char news[600];
    bool has_news;
};

/* Opens, making the file when there is none; salvages a damaged one. */
enum err spool_file_open(struct spool *s, struct fault *ret_fault) must_use;
void spool_file_close(struct spool *s);
void spool_file_remove(struct spool *s);
/* Says what SQLite complained about. After it the file is closed, unless it only lacks room: the
 * next call opens it anew, and finds damage. */
enum err spool_file_failed(struct spool *s, int code, struct fault *ret_fault);

/* spool.c, for the salvage */
/* SQLITE_OK, or what went wrong. */
int spool_insert(struct spool *s, const struct spool_record *record);
/* The record of a row (id, at_us, items, sum, body); false when it is not what was written. */
bool spool_row(sqlite3_stmt *row, struct spool_record *ret);
/* What the file holds, counted. */
int spool_count(struct spool *s);
