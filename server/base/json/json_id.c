// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json_id.h"

#include <math.h>
#include <stdio.h>

/* A double holds every whole number up to here. */
#define EXACT_MAX 9007199254740992.0

const char *json_id_text(const json_t *value, char digits[JSON_ID_DIGITS], size_t *ret_length)
{
    if (json_is_string(value)) {
        *ret_length = json_string_length(value);
        return json_string_value(value);
    }
    json_int_t whole = json_integer_value(value);
    if (json_is_real(value)) {
        double real = json_real_value(value);
        if (!(fabs(real) < EXACT_MAX) || real != floor(real))
            return NULL;
        whole = (json_int_t)real;
    } else if (!json_is_integer(value)) {
        return NULL;
    }
    *ret_length = (size_t)snprintf(digits, JSON_ID_DIGITS, "%lld", (long long)whole);
    return digits;
}
