// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The JSON answer to a question, the same at the edge and where the desk explains one: the first
 * writer of decide/run.h.
 */
#pragma once

#include "base/json/field.h"
#include "base/text.h"
#include "decide/run.h"

#include <stdbool.h>

/* What it says of one campaign, for the descriptions. */
extern const struct field decision_row;

/* The writer's arg. 'out' is borrowed; the answer is appended to it. */
struct decision_json {
    struct buf *out;
    bool is_explained; /* each decision with the steps it went through */
    bool is_for_page;  /* with what the browser SDK needs to know */
    const struct decide_run *run;
    size_t begin; /* where the list that is being written begins */
};

/* {"visitor_id":…,"snapshot":…,"decisions":[…],"flags":{…}}, and "page" for pages, and
 * "unavailable" where something that was looked up did not come in time. */
extern const struct decide_writer decision_json_writer;
/* The same without flags. */
extern const struct decide_writer decision_json_writer_of_decisions;
