// SPDX-License-Identifier: GPL-3.0-or-later
/* Clocks that are off, slow ways, and the order of one visitor's events. */
#include "model/event/sender_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S   INT64_C(1000000)
#define DAY (86400 * S)
#define NO  INT64_MAX /* refused */

/* One event of a request: how far sent_at was behind, what the sender's clock told, what it
 * becomes. All in seconds; all zero: the end. */
struct step {
    int64_t behind, told, right;
};

static const struct {
    const char *name;
    struct step steps[6];
} stories[] = {
    {"a slow way and a right clock", {{25, 100, 100}, {0, 110, 110}}},
    {"a way of two minutes", {{120, 100, 100}, {0, 101, 101}, {60, 102, 102}}},
    {"a little off, in both directions", {{2, 100, 100}, {-2, 101, 101}, {1, 102, 102}}},
    {"an hour behind", {{3600, 100, 3700}, {3600, 160, 3760}}},
    {"an hour ahead", {{-3600, 5000, 1400}, {-3600, 5060, 1460}}},
    {"an hour behind, a slow way first: no event overtakes",
     {{3625, 100, 3725},
      {3600, 110, 3735},
      {3600, 124, 3749},
      {3600, 149, 3749},
      {3600, 160, 3760}}},
    {"half a minute ahead, hidden by a slow way first",
     {{5, 100, 100}, {-30, 110, 110}, {-30, 139, 139}, {-30, 170, 140}, {5, 171, 141}}},
    {"late ones from before a better guess stay between",
     {{5, 100, 100}, {-30, 200, 170}, {-30, 150, 150}, {-30, 190, 170}, {-30, 201, 171}}},
    {"the first request held up, then quick ones", {{28800, 100, 28900}, {0, 110, 110}}},
    {"a request that was held up for hours", {{0, 100, 100}, {28800, 110, 110}, {0, 120, 120}}},
    {"a clock that was set right", {{-3600, 5000, 1400}, {0, 1460, 1460}, {0, 1470, 1470}}},
    {"two devices, one an hour ahead",
     {{0, 100, 100}, {-3600, 3710, 110}, {0, 120, 120}, {-3600, 3730, 130}}},
    {"a day ahead, and more", {{-86400, 100, 100 - 86400}, {-86500, 110, 110 - 86400}}},
    {"more than a day ahead: neither", {{-86500, 100, NO}, {-86399, 110, NO}}},
    {"more than a day behind: neither", {{86500, 100, NO}, {86399, 110, NO}}},
    {"years behind, then set right", {{900000000, 100, NO}, {0, 900000110, 900000110}}},
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        struct sender_clock clock = {0};
        for (const struct step *s = stories[i].steps; s < stories[i].steps + 6 && s->told; s++) {
            int64_t right_us = 0;
            sender_clock_hear(&clock, s->behind * S);
            bool is = sender_clock_right(&clock, s->told * S, &right_us);
            if (is != (s->right != NO) || (is && right_us != s->right * S))
                fail_msg("%s: %lld became %lld", stories[i].name, (long long)s->told,
                         (long long)(right_us / S));
        }
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Whatever the ways: what happened later stays later, is never put off by more than the longest of
 * them, and in the end is put where it happened. */
static void test_order_is_kept(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        struct sender_clock clock = {0};
        int64_t off_us = (int64_t)(next(&seed) % 40000) * S / 10 - 2000 * S, last_us = INT64_MIN;
        int64_t told_us = 10000 * S;
        for (int i = 0; i < 50; i++) {
            int64_t right_us, way_us = (int64_t)(next(&seed) % 120) * S;
            told_us += (int64_t)(next(&seed) % 20) * S;
            sender_clock_hear(&clock, off_us + way_us);
            assert_true(sender_clock_right(&clock, told_us, &right_us));
            assert_true(right_us >= last_us);
            assert_true(right_us <= told_us + (off_us > 0 ? off_us : 0) + 120 * S);
            last_us = right_us;
        }
        int64_t right_us, wanted_us = off_us > 120 * S || off_us < -2 * S ? off_us : 0;
        sender_clock_hear(&clock, off_us);
        assert_true(sender_clock_right(&clock, told_us + 400 * S, &right_us));
        assert_int_equal(right_us, told_us + 400 * S + wanted_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_order_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
