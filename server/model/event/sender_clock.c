// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/sender_clock.h"

static int64_t wanted_us(int64_t least_us)
{
    bool is_right = least_us >= -SENDER_CLOCK_TOLERATED_US && least_us <= SENDER_CLOCK_TRANSIT_US;
    return is_right ? 0 : least_us;
}

static void begin(struct sender_clock *c, int64_t behind_us)
{
    int64_t added_us = wanted_us(behind_us);
    *c = (struct sender_clock){
        .least_us = behind_us,
        .added_us = added_us,
        .before_us = added_us,
        .switch_us = INT64_MIN,
        .newest_us = INT64_MIN,
        .is_known = true,
        .is_refused = added_us > SENDER_CLOCK_MOST_US || added_us < -SENDER_CLOCK_MOST_US,
    };
}

void sender_clock_hear(struct sender_clock *c, int64_t behind_us)
{
    bool was_right = c->is_known && c->added_us == 0;
    bool is_later = c->is_known && behind_us > c->least_us + SENDER_CLOCK_TRANSIT_US;
    bool is_earlier = c->is_known && behind_us < c->least_us - SENDER_CLOCK_TRANSIT_US;
    if (is_later && was_right)
        return;
    if (!c->is_known || is_later || is_earlier)
        begin(c, behind_us);
    else if (behind_us < c->least_us)
        c->least_us = behind_us;
}

/* The next one may begin with a better guess if it stays behind all that were put right. */
static void improve(struct sender_clock *c, int64_t told_us)
{
    int64_t wanted = wanted_us(c->least_us);
    bool is_first = c->newest_us == INT64_MIN;
    if (wanted == c->added_us || (!is_first && told_us + wanted < c->newest_us + c->added_us))
        return;
    c->before_us = is_first ? wanted : c->added_us;
    c->switch_us = is_first ? INT64_MIN : told_us;
    c->added_us = wanted;
}

bool sender_clock_right(struct sender_clock *c, int64_t told_us, int64_t *ret_us)
{
    if (c->is_refused)
        return false;
    improve(c, told_us);
    if (told_us > c->newest_us)
        c->newest_us = told_us;
    *ret_us = told_us + c->added_us;
    if (told_us < c->switch_us) {
        int64_t late_us = told_us + c->before_us, next_us = c->switch_us + c->added_us;
        *ret_us = late_us < next_us ? late_us : next_us;
    }
    return true;
}
