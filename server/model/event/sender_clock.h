// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How far a sender's clock is off, learned from its requests, and its times put right so that they
 * keep their order. What sent_at is behind the clock here is how far the sender's is, and the
 * request's way: the smallest that was seen is nearest to the truth. A better guess is taken up
 * only by an event that no earlier one can be overtaken by; what comes late from before then is put
 * between. Pure.
 *
 * A request is never more than SENDER_CLOCK_TRANSIT_US on its way. So a clock that seems behind by
 * less is taken for right: it may be the way alone, which must part no one's events, and a
 * visitor's exposure that seems early keeps nothing out. One that is ahead cannot be so by the way.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SENDER_CLOCK_TRANSIT_US   (INT64_C(120) * 1000000)
#define SENDER_CLOCK_TOLERATED_US (INT64_C(2) * 1000000)
/* Beyond, the clock tells nothing: neither the one nor the other event is taken. */
#define SENDER_CLOCK_MOST_US (INT64_C(86400) * 1000000)

/* All zero: nothing is known. */
struct sender_clock {
    int64_t least_us;  /* the smallest that sent_at was behind; negative: ahead */
    int64_t added_us;  /* to times from switch_us on */
    int64_t before_us; /* to earlier ones, as far as that leaves them before */
    int64_t switch_us;
    int64_t newest_us; /* the latest time that was put right */
    bool is_known, is_refused;
};

/* A request has come, whose sent_at is so far behind the clock here. One that differs by more than
 * a way takes is of another clock, or of one that was set, and begins anew; but where a clock was
 * right before, a request that seems late was held up. */
void sender_clock_hear(struct sender_clock *c, int64_t behind_us);

/* Puts a time of this clock right. False: the clock is too far off. To be called after
 * sender_clock_hear. */
bool sender_clock_right(struct sender_clock *c, int64_t told_us, int64_t *ret_us);
