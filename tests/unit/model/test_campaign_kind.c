// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of kinds, and its copy for the pages. */
#include "model/campaign/campaign_kind.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *word(bool is_so)
{
    return is_so ? "true" : "false";
}

/* The text of a file without white space. */
static void read_bare(const char *path, char *ret, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length = 0;
    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF && length + 1 < size;)
        if (!isspace(c))
            ret[length++] = (char)c;
    ret[length] = '\0';
    fclose(file);
}

/* The pages of people read a copy of the table. */
static void kinds_are_those_of_the_pages(void **state)
{
    (void)state;
    char text[8192], row[256];
    read_bare(KINDS_TS, text, sizeof(text));
    for (int i = 0; i < CAMPAIGN_KINDS; i++) {
        const struct campaign_rules *r = &campaign_rules[i];
        snprintf(row, sizeof(row),
                 "%s:{leastVariants:%zu,mostVariants:%zu,needsControl:%s,needsMetric:%s,"
                 "canHaveLayer:%s,canHoldOut:%s,},",
                 campaign_kind_words[i], r->least_variants, r->most_variants,
                 word(r->needs_control), word(r->needs_metric), word(r->can_have_layer),
                 word(r->can_hold_out));
        if (!strstr(text, row))
            fail_msg("the pages have no row %s", row);
    }
    for (int i = 0; i < CAMPAIGN_STATUSES; i++) {
        snprintf(row, sizeof(row), "'%s'", campaign_status_words[i]);
        assert_non_null(strstr(text, row));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_those_of_the_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
