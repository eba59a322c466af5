// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How far an import has come, in a small JSON file that is replaced as a whole: the last row up to
 * which every event is acknowledged. Deleted at the end; losing it costs time, never numbers.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct import_state {
    char path[512];
    char identity[65]; /* SHA-256 over source, mapping, server and campaign */
    uint64_t row;      /* all rows up to it are acknowledged */
    uint64_t accepted, duplicate, rejected;
    int64_t saved_us;
};

/* Names the file (under var/import/ when 'path' is NULL) and reads what an earlier run of the same
 * identity left there. 'is_anew': what is there does not count. */
void import_state_open(struct import_state *s, const char *path, const void *identity,
                       size_t identity_bytes, bool is_anew);
/* Writes the file, five times a second at most unless 'is_last'. */
enum err import_state_save(struct import_state *s, bool is_last, struct fault *ret_fault) must_use;
void import_state_remove(struct import_state *s);
