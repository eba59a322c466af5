// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/event_time.h"

#include "base/clock.h"

#include <stdio.h>

bool event_time_read(const json_t *value, int64_t *ret_us)
{
    char digits[400];
    int length = -1;
    if (json_is_string(value))
        return clock_parse_free(json_string_value(value), json_string_length(value), ret_us);
    if (json_is_integer(value))
        length = snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        length = snprintf(digits, sizeof(digits), "%.6f", json_real_value(value));
    return length > 0 && clock_parse_free(digits, (size_t)length, ret_us);
}
