// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the three parts of a spool share; each calls those below it alone: spool.c (the queue),
 * spool_file.c (the SQLite file: opening, room, damage), spool_record.c (rows of an open one).
 */
#pragma once

#include "io/spool/spool.h"

#include <sqlite3.h>

struct spool {
    char *path;
    char *log_path;   /* SQLite's write-ahead log */
    char *fresh_path; /* what is salvaged, while it is written */
    char *whole_path; /* what was salvaged, until it has taken the place of the damaged file */
    int64_t bytes_max;
    sqlite3 *db; /* NULL: not open */
    sqlite3_stmt *insert, *select, *forget;
    int64_t last_id; /* of any record there was: none is given twice while the process lives */
    struct spool_state state;
    char news[600];
    bool has_news;
};

/* spool_file.c */
void spool_file_init(struct spool *s, const char *path, int64_t bytes_max);
void spool_file_done(struct spool *s);
/* Also one whose salvage was interrupted. */
bool spool_file_is_there(const struct spool *s);
/* Opens, making the file when there is none; salvages a damaged one. */
enum err spool_file_open(struct spool *s, struct fault *ret_fault) must_use;
void spool_file_remove(struct spool *s);
/* Says what SQLite complained about. After it the file is closed, unless it only lacks room: the
 * next call opens it anew, and finds damage. */
enum err spool_file_failed(struct spool *s, int code, struct fault *ret_fault);

/* spool_record.c */
/* SQLITE_OK, or what went wrong. */
int spool_record_insert(struct spool *s, const struct spool_record *record);
/* The record of a row (id, at_us, items, sum, body); false when it is not what was written. */
bool spool_record_read(sqlite3_stmt *row, struct spool_record *ret);
/* What the file holds, counted. */
int spool_record_count(struct spool *s);
