// SPDX-License-Identifier: GPL-3.0-or-later
#include "hang.h"

bool hang_look(struct hang *h, uint64_t beat, int64_t now_us, int64_t limit_us)
{
    int64_t passed_us = h->looked_us ? now_us - h->looked_us : 0;
    bool is_silent = beat == h->beat && beat != 0;
    if (passed_us > 2 * HANG_BEAT_US)
        passed_us = 2 * HANG_BEAT_US;
    *h = (struct hang){beat, is_silent ? h->silent_us + passed_us : 0, now_us};
    return limit_us > 0 && h->silent_us >= limit_us;
}
