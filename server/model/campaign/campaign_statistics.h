// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How a campaign is judged: the test that may call it, how long it is meant to run, and how many
 * questions are asked at once. Chosen while it is a draft, fixed when it starts: a rule changed
 * after looking at the numbers keeps no promise.
 */
#pragma once

#include "base/json/field.h"

extern const struct field campaign_statistics_fields[];
/* The canonical object of a campaign that says nothing of it. */
extern const char campaign_statistics_initial[];

/* Days before an exposure in which what a unit did is its past, of the object of a campaign or a
 * phase; 14 where it says nothing of it. */
int campaign_statistics_pre_period(const json_t *statistics);

/* What it takes to start: a planned test needs its plan. ERR_CONFLICT with a sentence. */
enum err campaign_statistics_check_ready(const json_t *document, struct fault *ret_fault) must_use;

/* A started campaign keeps its rules: ERR_CONFLICT at the first field, "/statistics/…", on which
 * the canonical documents differ. */
enum err campaign_statistics_check_fixed(const json_t *before, const json_t *after,
                                         struct fault *ret_fault) must_use;

/* What is kept with a phase: the settings of a campaign's canonical document, with "confidence" as
 * it is now and "tuned_units", the number of units (over all variants) that the always-valid test
 * is tuned to (stats_mixture: sharp for effects from half to ten times the one they are planned
 * for): the planned ones, else as many as show the minimum uplift on a rate of 5 % with a power of
 * 80 %. A new reference. */
json_t *campaign_statistics_fix(const json_t *document);
