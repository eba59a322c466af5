// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * `mete simulate`: visitors who ask for a decision and then do what visitors do, with true rates
 * that the results must find again. Everything a visitor is and does comes from the seed and its
 * number alone, whatever the order of the answers.
 */
#pragma once

#include "tools/cli/client.h"
#include "tools/cli/connection.h"

#include <jansson.h>

#define SIMULATE_VARIANTS 20

struct simulate_options {
    struct connection connection;
    const char *campaign;
    const char *rates, *aov;
    int64_t visitors, seed, in_flight;
    double days, visitors_per_second;
    int64_t until_us; /* 0: now */
};

struct simulate_variant {
    const char *key; /* borrowed from the campaign */
    bool is_control;
    double rate; /* of visitors who buy */
    double aov;  /* mean value of an order */
    uint64_t visitors, orders;
    double revenue;
};

/* A visitor's id: "sim-", the campaign's key and phase, the seed, the visitor's number. Simulations
 * of other campaigns, or of another phase, are other people's, and so are their orders. */
#define SIMULATE_ID_SIZE 128

/* Who a visitor is and what it would do; from the seed alone. */
struct simulate_visitor {
    const char *device, *country, *type;
    double moment;       /* where in the time span, [0, 1) */
    double luck;         /* buys when below the variant's rate */
    double basket;       /* value of its order, as a multiple of the mean */
    int quantity, pages; /* 1..3 pieces, 1..5 pages */
};

struct simulation {
    const struct simulate_options *options;
    struct client *client;
    int phase; /* of the campaign, when it was planned */
    struct simulate_variant variants[SIMULATE_VARIANTS];
    size_t variant_count;
    int64_t from_us, until_us;
    uint64_t decisions, outside; /* outside: no variant */
    json_t *reasons;             /* why outside: {"coverage": 12} */
    uint64_t accepted, duplicate, rejected;
    uint64_t requests;
    int64_t took_us;
};

struct simulate_visitor simulate_visitor(uint64_t seed, uint64_t number);
void simulate_name(const struct simulation *s, uint64_t number, char ret_id[SIMULATE_ID_SIZE]);
/* Fills 'phase' and 'variants' from the campaign, the rates and the order values: one number for
 * all, or "a=0.10,b=0.12"; without: 0.10, each further variant a tenth more; orders of 60. */
enum err simulate_plan(struct simulation *s, const json_t *campaign,
                       struct fault *ret_fault) must_use;
/* Sends everybody through. */
enum err simulate_run(struct simulation *s, struct fault *ret_fault) must_use;
