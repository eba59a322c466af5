// SPDX-License-Identifier: GPL-3.0-or-later
/* Beats as they are seen, look by look: when a child counts as one that hangs. */
#include "hang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define LOOKS 12
#define BEAT  HANG_BEAT_US

struct story {
    const char *what;
    int64_t limit_us;
    int64_t every_us; /* between two looks */
    uint64_t beats[LOOKS];
    int hangs_at; /* the look that says so first; -1: none does */
};

static const struct story stories[] = {
    {"beats each time", 3 * BEAT, BEAT, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, -1},
    {"beats every other time", 3 * BEAT, BEAT, {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6}, -1},
    {"beats just in time", 3 * BEAT, BEAT, {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}, -1},
    {"stops at once", 3 * BEAT, BEAT, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 3},
    {"stops later", 3 * BEAT, BEAT, {1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 5},
    {"has not begun yet", 3 * BEAT, BEAT, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, -1},
    {"begins late, then stops", 3 * BEAT, BEAT, {0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7}, 8},
    {"stops, and nobody wants to know", 0, BEAT, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, -1},
    {"is looked at seldom: so much counts of each",
     12 * BEAT,
     1000 * BEAT,
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     6},
    {"slept with the one who looks, and goes on",
     3 * BEAT,
     1000 * BEAT,
     {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6},
     -1},
    {"is looked at often", 2 * BEAT, BEAT / 4, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 8},
    {"another took its place", 3 * BEAT, BEAT, {9, 9, 9, 0, 1, 1, 1, 2, 2, 2, 3, 3}, -1},
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++) {
        const struct story *s = &stories[i];
        struct hang hang = {0};
        int hangs_at = -1;
        for (int look = 0; look < LOOKS && hangs_at < 0; look++)
            if (hang_look(&hang, s->beats[look], 5000000 + look * s->every_us, s->limit_us))
                hangs_at = look;
        if (hangs_at != s->hangs_at)
            fail_msg("one that %s: %d, not %d", s->what, hangs_at, s->hangs_at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stories)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
