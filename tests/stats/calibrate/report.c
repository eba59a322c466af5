// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char table[] = "| data | what | runs | promise | computed | measured | 95 % of "
                            "the simulation | verdict |\n"
                            "| --- | --- | --- | --- | --- | --- | --- | --- |\n";

static void head_print(uint64_t seed, char *text, size_t size)
{
    snprintf(text, size, "Seed %" PRIu64 ".", seed);
}

void report_head(uint64_t seed)
{
    char made[64];
    head_print(seed, made, sizeof(made));
    printf(
        "# Calibration by simulation\n\n"
        "Data whose truth is known is drawn many times; each method of `stats/` answers, and how "
        "often it was right\nstands here beside what it promises. Written by `tools/calibrate`; "
        "do not edit. %s\n\n",
        made);
    printf(
        "- Levels are 5 %% (intervals 95 %%) unless said. *up* and *down* are rejections in favour "
        "of treatment and\n  control.\n"
        "- *computed*: the exact figure, by adding up the probabilities of all outcomes, where "
        "they "
        "can be listed; the\n  simulation has to agree with it.\n"
        "- Verdicts: **holds**: the promise is kept (for *a ± b* the measured figure lies within; "
        "for *at most* and\n  *at least* its 99.99 %% interval does not lie beyond). **as "
        "stated**: "
        "no promise, but a behaviour that is known, is said\n  here, and is tested to stay as it "
        "is "
        "said. **broken**: neither; no such row may be committed.\n"
        "- Every run has its own numbers from a counter-based generator (Philox4x32-10, keyed by "
        "seed and scenario), so\n  the figures do not depend on order, machine or number of "
        "processes. Again: `tools/calibrate`. The plain\n  suite makes the first runs of each "
        "scenario and holds this file to the program; `tools/test --long` makes\n  all of them and "
        "compares every figure.\n");
}

void report_family(const struct family *family)
{
    printf("\n## %s\n\n%s\n\n%s", family->title, family->text, table);
}

/* The cells that do not depend on what was measured. */
static void cells_print(const struct scenario *scenario, const struct row *row, char *text,
                        size_t size)
{
    char promise[64];
    promise_print(row, promise, sizeof(promise));
    snprintf(text, size, "| %s | %s | %" PRIu64 " | %s |", scenario->name, row->what,
             scenario->runs, promise);
}

void report_row(const struct scenario *scenario, const struct row *row,
                const struct verdict *verdict, double exact, uint64_t n)
{
    char cells[512], computed[32] = "", measured[32], lower[32], upper[32], of[32] = "";
    cells_print(scenario, row, cells, sizeof(cells));
    if (!verdict) {
        printf("%s | | | skipped: its data is not there |\n", cells);
        return;
    }
    if (!isnan(exact))
        figure_print(row, exact, computed, sizeof(computed));
    if (n != scenario->runs)
        snprintf(of, sizeof(of), " of %" PRIu64, n);
    figure_print(row, verdict->measured, measured, sizeof(measured));
    figure_print(row, verdict->interval.lower, lower, sizeof(lower));
    figure_print(row, verdict->interval.upper, upper, sizeof(upper));
    printf("%s %s | %s%s | %s to %s | %s |\n", cells, computed, measured, of, lower, upper,
           verdict->word);
    fflush(stdout);
}

void report_count(FILE *out, const struct count *count)
{
    fprintf(out, "[  PASSED  ] %d test(s).\n", count->kept);
    if (count->skipped)
        fprintf(out, "[  SKIPPED ] %d test(s).\n", count->skipped);
    if (count->broken)
        fprintf(out, "[  FAILED  ] %d test(s).\n", count->broken);
}

/* The next line of a calibrated row, or NULL. */
static char *next_row(FILE *file, char *line, int size)
{
    while (fgets(line, size, file))
        if (line[0] == '|' && strncmp(line, "| ---", 5) && strncmp(line, "| data |", 8))
            return line;
    return NULL;
}

static bool is_row_next(FILE *file, const struct scenario *scenario, const struct row *row)
{
    char cells[512], line[1024];
    cells_print(scenario, row, cells, sizeof(cells));
    if (!next_row(file, line, sizeof(line)))
        line[0] = 0;
    if (strncmp(line, cells, strlen(cells)) == 0 && !strstr(line, "broken"))
        return true;
    printf("expected  %s\nthere is  %s\n", cells, line);
    return false;
}

static bool has_line(FILE *file, const char *text)
{
    char line[1024];
    rewind(file);
    while (fgets(line, sizeof(line), file))
        if (strstr(line, text))
            return true;
    printf("there is no line with: %s\n", text);
    return false;
}

bool report_is_of(const char *path, const struct family *const *families, size_t count,
                  uint64_t seed)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    if (!file) {
        printf("%s cannot be read\n", path);
        return false;
    }
    head_print(seed, line, sizeof(line));
    bool is_same = has_line(file, line);
    rewind(file);
    for (size_t f = 0; f < count && is_same; f++)
        for (size_t s = 0; s < families[f]->count && is_same; s++)
            for (const struct row *r = families[f]->scenarios[s].rows;
                 r < families[f]->scenarios[s].rows + ROWS && r->promise && is_same; r++)
                is_same = is_row_next(file, &families[f]->scenarios[s], r);
    if (is_same && next_row(file, line, sizeof(line))) {
        printf("a row too many: %s", line);
        is_same = false;
    }
    fclose(file);
    return is_same;
}
