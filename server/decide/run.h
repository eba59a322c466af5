// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * One question from its body to the last byte of its answer: goes through the campaigns it is
 * about, merges their flags, and hands each finding to a writer. A run lives in its request's arena
 * and holds a reference to its snapshot, so it may wait for one lookup; a run that needs none is
 * over before decide_run_begin returns. A protocol is a writer and nothing else.
 */
#pragma once

#include "decide/decide.h"
#include "decide/lookup.h"
#include "decide/question.h"

struct decide_run;

/* Called in this order, within one call of the loop: begin, then each campaign, then each name that
 * is none, end; by then each flag of the snapshot has its value (decide_run_flag). */
struct decide_writer {
    void (*begin)(void *arg, const struct decide_run *run);
    void (*campaign)(void *arg, const struct decision *decision);
    void (*unknown)(void *arg, const char *campaign_key);
    void (*end)(void *arg);
};

typedef void decide_run_fn(void *arg);

struct decide_run {
    /* By the caller, before decide_run_begin: */
    struct arena *arena;
    struct snapshot *snapshot;
    struct question question; /* the run ends it */
    bool is_of_all;           /* about all campaigns, not only those that run */
    const struct decide_writer *writer;
    void *writer_arg;
    struct loop *loop;                  /* of the lookup; NULL without a source */
    const struct lookup_source *source; /* of what fills holes; NULL: nothing does */
    decide_run_fn *fn;                  /* after a lookup: all is written */
    void *arg;
    /* For the writer: */
    const json_t *found;     /* by the lookup; NULL: nothing, or there was none */
    const char *unavailable; /* the source that did not answer in time; NULL: none */
    /* Its own: */
    struct decide decide;
    const struct snapshot_text **flags; /* by flag; NULL: no campaign has set it */
};

/* ,"key":value of the snapshot's flag number 'i'; may have holes for run->found
 * (snapshot_text_add). */
static inline const struct snapshot_text *decide_run_flag(const struct decide_run *run, size_t i)
{
    return run->flags[i] ? run->flags[i] : &run->snapshot->flags[i].rendered_default;
}

/* True: all is written, and the run is over. False: fn(arg) comes exactly once, later, from the
 * loop, when it is. */
bool decide_run_begin(struct decide_run *run) must_use;
