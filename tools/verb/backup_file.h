// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The file of a backup: gzip, and behind it a line with the SHA-256 of all bytes before. It grows
 * under a name of its own and gets its name when it is on the disk: a file of that name is whole.
 * Reading begins with the checksum.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"

#include <sodium.h>
#include <stdint.h>
#include <zlib.h>

#define BACKUP_BLOCK 65536

struct backup_file {
    const char *path; /* borrowed */
    char *part_path;  /* while it is written */
    int fd;
    z_stream stream;
    crypto_hash_sha256_state hash;
    unsigned char block[BACKUP_BLOCK]; /* compressed */
    struct buf text;                   /* read and not given out yet */
    size_t text_from;
    uint64_t size, position; /* of the compressed bytes, when reading */
    bool is_ended;
};

/* Begins to write. ERR_CONFLICT: there is a file of that name. */
enum err backup_file_create(struct backup_file *f, const char *path,
                            struct fault *ret_fault) must_use;
enum err backup_file_write(struct backup_file *f, const char *bytes, size_t length,
                           struct fault *ret_fault) must_use;
/* Puts everything on the disk and gives the file its name. On failure nothing is left. */
enum err backup_file_finish(struct backup_file *f, struct fault *ret_fault) must_use;
/* Instead of finish: nothing is left. */
void backup_file_abandon(struct backup_file *f);

typedef void backup_file_fn(void *arg, uint64_t bytes, uint64_t total);
/* Opens and checks the whole file; 'on_bytes' hears how far it is. ERR_INVALID: damaged, cut off,
 * or no backup. */
enum err backup_file_open(struct backup_file *f, const char *path, backup_file_fn *on_bytes,
                          void *arg, struct fault *ret_fault) must_use;
/* The next line with its newline, valid until the next call; length 0: there is none. */
enum err backup_file_read_line(struct backup_file *f, const char **ret_line, size_t *ret_length,
                               struct fault *ret_fault) must_use;
void backup_file_close(struct backup_file *f);
