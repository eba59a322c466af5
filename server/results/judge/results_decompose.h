// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Which part of revenue per visitor changed: conversion x orders per buyer x order value.
 */
#pragma once

#include "results/judge/results_cell.h"

enum { FACTOR_CONVERSION, FACTOR_ORDERS, FACTOR_VALUE, FACTOR_WHOLE, FACTOR_COUNT };

struct results_factor {
    double control, treatment;
    struct stats_number uplift;
    struct stats_interval uplift_interval;
};

struct results_decomposition {
    const char *why; /* it is not known; NULL: it is */
    bool is_known;
    double confidence;
    struct results_factor factors[FACTOR_COUNT];
};

struct results_decomposition results_decompose(const struct results_cells *c, size_t variant);
