// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/mete.h"

#include "base/json/json.h"
#include "stats/core/dist.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One row a verb, sorted by name. */
static const struct verb verbs[] = {
    {"backup", verb_backup, "[--json] [--database URL] FILE",
     "write everything in the database into a file, while it is in use", true},
    {"bucket", verb_bucket, "[--json] [--hash-version 1|2] [SEED UNIT | < LINES]",
     "print the bucket number of a unit, or of each line [seed, unit]", false},
    {"condition", verb_condition, "< LINES",
     "read lines of [condition, attributes, savedGroups?] and print true or false for each", false},
    {"conclude", verb_conclude, "--outcome won|lost|inconclusive [OPTION …] CAMPAIGN",
     "stop a campaign and say what was concluded, or say it anew", true},
    {"copy", verb_copy, "[--key KEY] [--name TEXT] CAMPAIGN",
     "make a draft with all of an earlier campaign", true},
    {"export", verb_export, "--what WHAT [OPTION …] CAMPAIGN",
     "write a campaign's rows as CSV or JSON", true},
    {"import", verb_import, "--mapping FILE | --variant COLUMN … [OPTION …] FILE.csv[.gz]",
     "load a past experiment from CSV through the HTTP API", true},
    {"imports", verb_imports, "[--undo CAMPAIGN] [OPTION …]",
     "list what was imported, or take an import back", true},
    {"init", verb_init,
     "[--environment KEY] [--currency CODE] [--time-zone NAME] [--json] [--database URL]",
     "make the first environment, its keys and the first admin; prints the keys", true},
    {"live", verb_live, "[--visitor ID] [--name NAME] [--uncounted] [OPTION …]",
     "what came in the last hour, and what each event did to results, or why not", true},
    {"login-link", verb_login_link, "[--desk URL] [--json] [--database URL]",
     "print a link that signs the first admin in, once", true},
    {"migrate", verb_migrate, "[--check] [--json] [--database URL]",
     "bring the database to this version's schema", true},
    {"plan", verb_plan, "--rate R | --mean M --sd S [OPTION …]",
     "how many visitors and weeks an experiment needs, or what it can see", true},
    {"prove", verb_prove, "[OPTION …] CAMPAIGN | FILE.csv[.gz]",
     "try a campaign's tests on its own visitors, split at random", true},
    {"rates", verb_rates, "[--import FILE | --currency CODE | --delete CODE] [OPTION …]",
     "list the rates of currencies, or put a file of them in", true},
    {"rebuild", verb_rebuild, "[--campaign KEY] [--environment KEY] [--json] [--database URL]",
     "compute results anew from the events alone", true},
    {"refusals", verb_refusals, "[--days N] [--samples] [OPTION …]",
     "what was refused, or left out of results, by reason and event", true},
    {"restore", verb_restore, "[--json] [--database URL] FILE",
     "put a backup into an empty database", true},
    {"results", verb_results, "[OPTION …] CAMPAIGN", "print what a campaign has changed", true},
    {"second-factor", verb_second_factor, "--reset E-MAIL [--json] [--database URL]",
     "take the second factor from a user who has lost it", true},
    {"ship", verb_ship, "[--variant KEY] [OPTION …] CAMPAIGN",
     "stop an experiment and give its winner to everybody", true},
    {"simulate", verb_simulate, "--campaign KEY [OPTION …]",
     "send visitors with known true rates through a running campaign", true},
    {"start", verb_start, "[--layer KEY] [OPTION …] CAMPAIGN",
     "start a campaign, and say which running ones it collides with", true},
    {"stats", verb_stats, "METHOD | --list", "compute one statistical method on JSON from stdin",
     true},
    {"visitor", verb_visitor, "[--exclude REASON | --include] [OPTION …] VISITOR",
     "what is known of a visitor; take it out of results, or in again", true},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein distance; words longer than a row count as far away. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[32];
    size_t n = strlen(b);
    if (n >= sizeof(row) / sizeof(row[0]))
        return n;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j];
            row[j] = least(row[j - 1] + 1, above + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n];
}

static int refuse_verb(const char *name)
{
    const struct verb *nearest = NULL;
    size_t distance = 3;
    for (size_t i = 0; i < VERB_COUNT; i++) {
        size_t d = edit_distance(name, verbs[i].name);
        if (d < distance) {
            distance = d;
            nearest = &verbs[i];
        }
    }
    fprintf(stderr, "mete: there is no verb \"%s\"", name);
    if (nearest)
        fprintf(stderr, "; did you mean \"%s\"?\n", nearest->name);
    else
        fputs("; \"mete help\" lists them\n", stderr);
    return EXIT_MISUSED;
}

static void print_usage(FILE *to, const struct verb *verb)
{
    fprintf(to, "usage: mete %s%s%s\n", verb->name, *verb->usage ? " " : "", verb->usage);
}

void verb_usage(const char *name)
{
    const struct verb *verb = find_verb(name);
    if (verb)
        print_usage(stdout, verb);
}

int verb_misused(const char *name, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fprintf(stderr, "mete %s: ", name);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    const struct verb *verb = find_verb(name);
    if (verb)
        print_usage(stderr, verb);
    return EXIT_MISUSED;
}

static void list_verbs(FILE *to)
{
    fputs("usage: mete VERB [ARGUMENT …]\n\n", to);
    for (size_t i = 0; i < VERB_COUNT; i++)
        fprintf(to, "  %-12s %s\n", verbs[i].name, verbs[i].summary);
    fputs("\n\"mete help VERB\" tells more, \"mete --version\" the version.\n", to);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int help(char *name)
{
    if (!name) {
        list_verbs(stdout);
        return EXIT_DONE;
    }
    const struct verb *verb = find_verb(name);
    if (!verb)
        return refuse_verb(name);
    if (verb->has_options)
        return verb->run(2, (char *[]){name, (char[]){"--help"}, NULL});
    print_usage(stdout, verb);
    printf("%s\n", verb->summary);
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        list_verbs(stderr);
        return EXIT_MISUSED;
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || is_help(name))
        return help(argv[2]);
    if (strcmp(name, "--version") == 0) {
        puts("mete " METE_VERSION);
        return EXIT_DONE;
    }
    const struct verb *verb = find_verb(name);
    if (verb && argc == 3 && is_help(argv[2]))
        return help(argv[1]);
    return verb ? verb->run(argc - 1, argv + 1) : refuse_verb(name);
}

int main(int argc, char **argv)
{
    json_init();
    stats_init();
    int status = run(argc, argv);
    /* A full disk or closed pipe must not look like success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("mete: could not write the output");
        return status ? status : EXIT_FAILED;
    }
    return status;
}
