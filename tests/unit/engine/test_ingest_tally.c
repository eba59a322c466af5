// SPDX-License-Identifier: GPL-3.0-or-later
/* What is counted of refusals, and how much memory somebody who invents names can take. */
#include "engine/ingest/ingest_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t count_of(const struct ingest_tally *t, int environment_id, enum refusal why,
                         const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].environment_id == environment_id && t->rows[i].why == why &&
            strcmp(t->rows[i].name, name) == 0)
            return t->rows[i].count;
    return 0;
}

static void test_counts(void **state)
{
    (void)state;
    struct ingest_tally t = {0};
    for (int i = 0; i < 3; i++)
        ingest_tally_add(&t, 1, REFUSAL_JUNK_ID, "purchase");
    ingest_tally_add(&t, 2, REFUSAL_JUNK_ID, "purchase");
    ingest_tally_add(&t, 1, REFUSAL_TOO_LATE, "purchase");
    ingest_tally_add(&t, 1, REFUSAL_JUNK_ID, "order");
    assert_int_equal(t.count, 4);
    assert_int_equal(count_of(&t, 1, REFUSAL_JUNK_ID, "purchase"), 3);
    assert_int_equal(count_of(&t, 2, REFUSAL_JUNK_ID, "purchase"), 1);
    assert_int_equal(count_of(&t, 1, REFUSAL_TOO_LATE, "purchase"), 1);
    ingest_tally_done(&t);
}

/* Names without end: those of an environment that are told apart are bounded, none is lost, and
 * neither what is well known nor another environment loses its place. */
static void test_names_without_end(void **state)
{
    (void)state;
    struct ingest_tally t = {0};
    for (int i = 0; i < 10000; i++) {
        char name[16];
        snprintf(name, sizeof(name), "n%d", i);
        ingest_tally_add(&t, 1, REFUSAL_INVALID, name);
    }
    ingest_tally_add(&t, 1, REFUSAL_JUNK_ID, "purchase");
    ingest_tally_add(&t, 2, REFUSAL_INVALID, "mine");
    assert_int_equal(t.count, INGEST_TALLY_NAMES + 3);
    assert_int_equal(count_of(&t, 1, REFUSAL_INVALID, ""), 10000 - INGEST_TALLY_NAMES);
    assert_int_equal(count_of(&t, 1, REFUSAL_INVALID, "n0"), 1);
    assert_int_equal(count_of(&t, 1, REFUSAL_JUNK_ID, "purchase"), 1);
    assert_int_equal(count_of(&t, 2, REFUSAL_INVALID, "mine"), 1);
    ingest_tally_done(&t);
}

/* What comes while others are on their way stays; what did not arrive is sent again. */
static void test_on_the_way(void **state)
{
    (void)state;
    struct ingest_tally t = {0};
    ingest_tally_add(&t, 1, REFUSAL_INVALID, "a");
    ingest_tally_send(&t);
    ingest_tally_add(&t, 1, REFUSAL_INVALID, "a");
    ingest_tally_add(&t, 1, REFUSAL_INVALID, "b");
    ingest_tally_settle(&t, false);
    assert_int_equal(count_of(&t, 1, REFUSAL_INVALID, "a"), 2);
    ingest_tally_send(&t);
    ingest_tally_add(&t, 1, REFUSAL_INVALID, "b");
    ingest_tally_settle(&t, true);
    assert_int_equal(t.count, 1);
    assert_int_equal(count_of(&t, 1, REFUSAL_INVALID, "b"), 1);
    ingest_tally_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts),
                                       cmocka_unit_test(test_names_without_end),
                                       cmocka_unit_test(test_on_the_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
