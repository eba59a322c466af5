// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * `mete import`, step by step: scan the whole file (so that nothing is sent of one that cannot be
 * read), make metrics, campaign and import, send the rows, say that this was all, wait for the
 * results. May be interrupted at any moment: ids make repetition harmless, the state file makes it
 * short.
 */
#pragma once

#include "tools/cli/client.h"
#include "tools/cli/connection.h"
#include "tools/csv/csv_file.h"
#include "tools/import/import_columns.h"
#include "tools/import/import_report.h"
#include "tools/import/import_row.h"
#include "tools/import/import_state.h"
#include "tools/import/mapping/mapping.h"
#include "tools/import/mapping/mapping_make.h"

struct import_options {
    struct connection connection;
    const char *mapping_path;
    const char *campaign_key; /* instead of the mapping's */
    const char *state_path;
    const char *separator, *encoding, *decimal;
    struct mapping_choice choice;
    bool can_skip, is_anew, is_check, is_replacing, is_totals;
    int64_t in_flight;
    const char *csv_path[1];
};

/* What the rows make. */
struct import_tally {
    int64_t exposures, events[MAPPING_EVENTS]; /* by rule */
    int64_t first_us, last_us;
};

/* Where a row of totals stands in the file. */
struct import_place {
    uint64_t row, line;
};

struct import {
    const struct import_options *options;
    struct arena *arena;
    struct mapping *mapping;
    struct csv_file *file;
    char separator;
    struct import_columns columns;
    struct import_report report; /* of what cannot be read; of the rest where nothing is sent */
    struct client *client;
    struct import_source source;
    struct import_state state;
    uint64_t rows, bad_rows; /* of the whole file */
    uint64_t from_row;       /* an earlier run had come so far */
    struct import_tally tally;
    json_t *totals;              /* the document that is sent, of a file of totals */
    struct import_place *places; /* of its rows */
    json_t *kinds;               /* {key: kind} of metrics that the server has */
    bool has_made_campaign;
    json_t *made_metrics;    /* keys of those that this run made; NULL: of none */
    json_t *campaign, *view; /* as the server has them: the campaign, the import */
};

/* One record, or a broken one: then 'bad' says why. Anything but ERR_OK (with the fault set) ends
 * the walk. */
typedef enum err import_visit_fn(void *arg, const struct csv *csv, uint64_t row,
                                 const struct fault *bad, struct fault *ret_fault);

/* Binds the mapping to the header and visits every record from the first. */
enum err import_walk(struct import *im, import_visit_fn *fn, void *arg,
                     struct fault *ret_fault) must_use;

/* Reads everything once: finds how columns write numbers and times. ERR_INVALID: one can be read in
 * two ways. */
enum err import_styles(struct import *im, struct fault *ret_fault) must_use;
/* Reads everything once: checks each row, gathers the variants, takes the digest. Complaints about
 * rows go to stderr. */
enum err import_scan(struct import *im, struct fault *ret_fault) must_use;
void import_tally_add(struct import_tally *t, const struct import_facts *facts);
/* What stands where this import would: a draft, or an earlier run of this very import (is there),
 * or another one, which is taken back if that is asked for. Else ERR_CONFLICT. */
enum err import_make_room(struct import *im, bool *ret_is_there, struct fault *ret_fault) must_use;
/* Turns the campaign into this import's, or finds it to be that already. */
enum err import_begin(struct import *im, struct fault *ret_fault) must_use;
/* Tells the server that everything was sent. */
enum err import_finish(struct import *im, struct fault *ret_fault) must_use;
/* Makes what is missing on the server. */
enum err import_setup(struct import *im, struct fault *ret_fault) must_use;
/* Sends the rows behind state.row. ERR_INVALID: the server refused events (told on stderr). */
enum err import_send(struct import *im, struct fault *ret_fault) must_use;
/* Waits until the results hold everything, and returns them. */
enum err import_settle(struct import *im, json_t **ret_results, struct fault *ret_fault) must_use;
