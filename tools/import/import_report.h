// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What `mete import --check` tells of a file before anything is sent: how it is written, who is in
 * it, when, what they did, and what cannot be read. Filled row by row; holds 24 bytes a visitor.
 */
#pragma once

#include "tools/import/import_row.h"

#include <jansson.h>
#include <stdio.h>

#define REPORT_REASONS 20
#define REPORT_LINES   10

struct report_visitor {
    uint64_t hash; /* of the id; 0: free */
    int64_t exposed_us;
    uint8_t variant;
    bool is_crossover;
};

struct report_reason {
    char text[200];
    uint64_t rows, lines[REPORT_LINES];
};

struct report_rule {
    uint64_t events, rows, before_exposure;
    double sum;
};

struct import_report {
    struct report_visitor *visitors;
    size_t visitor_count, room; /* a power of two */
    uint64_t left_out;          /* rows of variants that the map leaves out */
    int64_t first_us, last_us;
    struct report_rule rules[MAPPING_EVENTS];
    struct report_reason reasons[REPORT_REASONS];
    size_t reason_count;
};

void import_report_add(struct import_report *r, const struct mapping *m,
                       const struct import_facts *facts);
/* Reasons that differ in what a cell holds alone are one. */
void import_report_refuse(struct import_report *r, uint64_t line, const struct fault *bad);
void import_report_done(struct import_report *r);

struct import;

/* import_report_print.c: as text, or as JSON. */
void import_report_print(const struct import_report *r, const struct import *im, FILE *to);
json_t *import_report_json(const struct import_report *r, const struct import *im);
