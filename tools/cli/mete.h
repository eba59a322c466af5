// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The command line program: `mete VERB …`. One const table in mete.c holds every verb; a verb
 * stands in its own file verb_<name>.c. Human text goes to stdout, complaints to stderr.
 * Exit status: 0 done, 1 it failed, 2 it was called wrongly or its input is broken.
 */
#pragma once

#include <stdbool.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2 };

/* argv[0] is the verb's name, so that getopt_long works as in a main(). Returns the exit status. */
typedef int verb_fn(int argc, char **argv);

/* A row of the table. 'usage' is what follows "mete NAME ", 'summary' one line without a full
 * stop. A verb with a table of options prints them itself when it is given --help. */
struct verb {
    const char *name;
    verb_fn *run;
    const char *usage;
    const char *summary;
    bool has_options;
};

/* Prints "mete NAME: sentence" and the verb's usage to stderr. Returns EXIT_MISUSED. */
int verb_misused(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints "usage: mete NAME …" to stdout. */
void verb_usage(const char *name);

/* One line a verb, sorted. */
verb_fn verb_backup;
verb_fn verb_bucket;
verb_fn verb_condition;
verb_fn verb_conclude;
verb_fn verb_copy;
verb_fn verb_export;
verb_fn verb_import;
verb_fn verb_imports;
verb_fn verb_init;
verb_fn verb_live;
verb_fn verb_login_link;
verb_fn verb_migrate;
verb_fn verb_plan;
verb_fn verb_prove;
verb_fn verb_rates;
verb_fn verb_rebuild;
verb_fn verb_refusals;
verb_fn verb_restore;
verb_fn verb_second_factor;
verb_fn verb_results;
verb_fn verb_ship;
verb_fn verb_simulate;
verb_fn verb_start;
verb_fn verb_stats;
verb_fn verb_visitor;
