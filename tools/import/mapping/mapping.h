// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the columns of a past experiment's CSV mean: the mapping file of `mete import`, described
 * for people in tools/import/import.md. Read from JSON, then bound to the header of a CSV file;
 * after that every cell is an index. Knows no network.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAPPING_VARIANTS   20
#define MAPPING_EVENTS     20
#define MAPPING_PROPERTIES 20
#define MAPPING_TOTALS     20
#define MAPPING_DIMENSIONS 3

/* A text that each row gives: a column's, or always the same. Neither: not set. */
struct mapping_cell {
    const char *column;
    const char *constant;
    const char *decimal; /* of a number: "." or ","; NULL: found over the column */
    char sign;           /* what was found; '\0': nothing yet, as "." */
    size_t index;        /* of the column, once bound */
};

struct mapping_time {
    struct mapping_cell cell;
    const char *format;  /* NULL (RFC 3339 or a date), "unix", "unix_ms", "dmy", "mdy", or as
                            strptime takes it */
    bool is_month_first; /* found over the column, where no format is given */
};

/* Whether a row makes an event. Without a column: always. */
struct mapping_when {
    struct mapping_cell cell;
    const char *equals;
    double above; /* NaN: not asked */
    bool is_present;
    bool is_true; /* as cell_truth reads it */
};

struct mapping_property {
    const char *name;
    struct mapping_cell cell;
    const char *kind; /* NULL or "string", "number", "boolean" */
};

struct mapping_event {
    const char *name;
    struct mapping_when when;
    struct mapping_time time; /* not set: the row's */
    struct mapping_cell value, transaction_id, count;
    struct mapping_property properties[MAPPING_PROPERTIES];
    size_t property_count;
};

/* A metric whose sum each row tells, with the sum of the squares or without. */
struct mapping_total {
    const char *metric;
    struct mapping_cell sum, squares;
};

struct mapping_variant {
    const char *text; /* in the CSV */
    const char *key;  /* NULL: rows of it are left out */
    double weight;
    bool is_control;
    bool is_first; /* of the texts that share its key; set by mapping_complete */
};

struct mapping {
    struct arena *arena;
    json_t *document;
    const char *campaign_key, *campaign_name, *description, *control, *currency;
    struct mapping_cell visitor;
    const char *visitor_prefix;
    bool is_row_number; /* the visitor is the row's number */
    struct mapping_cell variant;
    bool has_map; /* else variants are gathered from the rows */
    struct mapping_variant variants[MAPPING_VARIANTS];
    size_t variant_count;
    struct mapping_time time;
    struct mapping_cell dimensions[MAPPING_DIMENSIONS]; /* as mapping_dimension_names */
    struct mapping_event events[MAPPING_EVENTS];
    size_t event_count;
    bool has_totals; /* rows are totals of a day: no visitor, dimensions and events */
    bool is_daily;   /* of all who came that day, not of those who came for the first time */
    struct mapping_cell visitors;
    struct mapping_total totals[MAPPING_TOTALS];
    size_t total_count;
    json_t *metrics; /* array of objects with a "key", or NULL; borrowed */
    json_t *weights; /* object, or NULL; borrowed */
};

extern const char *const mapping_dimension_names[MAPPING_DIMENSIONS];

/* Reads text[0..length) (which is written to). Returns a new mapping, or NULL with *ret_fault set:
 * its pointer names the field. */
struct mapping *mapping_read(char *text, size_t length, struct fault *ret_fault) must_use;
void mapping_free(struct mapping *m);

/* "Mens E-Mail" becomes "mens-e-mail"; a key stays as it is. NULL when nothing is left. */
const char *mapping_slug(struct arena *arena, const char *text);

/* Finds every column in the header. ERR_INVALID names the field and the column. */
enum err mapping_bind(struct mapping *m, const char *const *header, size_t count,
                      struct fault *ret_fault) must_use;

/* The variant of a CSV text. Without a map new texts are added. NULL with *ret_fault set when it is
 * not in the map, or no key can be made of it. */
const struct mapping_variant *mapping_variant(struct mapping *m, const char *text,
                                              struct fault *ret_fault) must_use;
/* Once all variants are known: finds the control, shares the weights. */
enum err mapping_complete(struct mapping *m, struct fault *ret_fault) must_use;
