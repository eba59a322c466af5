// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/verb_plan.h"

#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct values {
    struct plan_wish wish;
    const char *test;
    bool is_json;
};

#define WISH(member) offsetof(struct values, wish.member)

static const struct option_row rows[] = {
    {"rate", OPTION_NUMBER, WISH(rate), 0, 1, "R", "the control's conversion rate, 0.05 for 5 %"},
    {"mean", OPTION_NUMBER, WISH(mean), -1e15, 1e15, "M", "or its mean, revenue per visitor say"},
    {"sd", OPTION_NUMBER, WISH(sd), 0, 1e15, "S", "the standard deviation around the mean"},
    {"uplift", OPTION_NUMBER, WISH(uplift), -1, 1e6, "U", "to be seen, 0.1 for 10 % more"},
    {"difference", OPTION_NUMBER, WISH(difference), -1e15, 1e15, "D",
     "to be seen, in the metric's own units"},
    {"visitors", OPTION_INT, WISH(visitors), 1, 1e12, "N", "that there will be, in all variants"},
    {"days", OPTION_INT, WISH(days), 1, 3650, "N", "that it can run"},
    {"daily", OPTION_NUMBER, WISH(daily), 1, 1e10, "N", "visitors a day"},
    {"coverage", OPTION_NUMBER, WISH(coverage), 0.0001, 1, "C",
     "share of the visitors who take part (default: 1)"},
    {"variants", OPTION_INT, WISH(variants), 2, 32, "N", "with the control (default: 2)"},
    {"confidence", OPTION_NUMBER, WISH(confidence), 0.5, 0.9999, "C", "(default: 0.95)"},
    {"power", OPTION_NUMBER, WISH(power), 0.5, 0.999, "P",
     "chance to see the effect when it is there (default: 0.8)"},
    {"sides", OPTION_INT, WISH(sides), 1, 2, "N", "of the test (default: 2)"},
    {"test", OPTION_TEXT, offsetof(struct values, test), 0, 0, "TEST",
     "fixed (default), always-valid or group-sequential"},
    {"looks", OPTION_INT, WISH(looks), 2, STATS_GROUP_LOOKS, "N",
     "of a group-sequential test (default: 5)"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "for machines"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

static bool read_test(const char *word, enum plan_test *ret)
{
    for (size_t i = 0; plan_tests[i]; i++)
        if (strcmp(plan_tests[i], word) == 0) {
            *ret = (enum plan_test)i;
            return true;
        }
    return false;
}

/* Of the terminal; 80 where the plan goes elsewhere. */
static unsigned columns(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

int verb_plan(int argc, char **argv)
{
    struct values v = {.wish = {.rate = NAN,
                                .mean = NAN,
                                .sd = NAN,
                                .uplift = NAN,
                                .difference = NAN,
                                .daily = NAN,
                                .confidence = 0.95,
                                .power = 0.8,
                                .coverage = 1,
                                .variants = 2,
                                .sides = 2,
                                .looks = 5},
                       .test = "fixed"};
    struct plan plan;
    struct fault fault;
    int status;
    if (!verb_options(&table, argc, argv, &v, &status))
        return status;
    if (!read_test(v.test, &v.wish.test))
        return verb_misused(argv[0],
                            "--test: \"%s\" is not fixed, always-valid or "
                            "group-sequential",
                            v.test);
    if (plan_make(&v.wish, &plan, &fault))
        return verb_misused(argv[0], "--%s: %s", fault.pointer + 1, fault.detail);
    if (!v.is_json) {
        plan_print(&plan, columns(), stdout);
        return EXIT_DONE;
    }
    auto_buf struct buf out = {0};
    plan_write(&plan, &out);
    puts(out.data);
    return EXIT_DONE;
}
