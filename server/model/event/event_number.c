// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/event_number.h"

#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_bounded(const json_t *value)
{
    if (json_is_integer(value))
        return json_integer_value(value) <= EVENT_NUMBER_MAX &&
               json_integer_value(value) >= -EVENT_NUMBER_MAX;
    double real = json_real_value(value);
    return real <= (double)EVENT_NUMBER_MAX && real >= -(double)EVENT_NUMBER_MAX;
}

/* Of the first number that is out of bounds, by a pointer from 'value' on; but for 'name', which is
 * none. Input is not deep: its parser has counted. */
static enum err check(const json_t *value, const json_t *name, struct fault *fault)
{
    const char *key;
    json_t *member;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
            if (check(member, name, fault)) {
                fault_prefix_key(fault, key);
                return ERR_INVALID;
            }
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            if (check(json_array_get(value, i), name, fault)) {
                fault_prefix_index(fault, i);
                return ERR_INVALID;
            }
    } else if (json_is_number(value) && value != name && !is_bounded(value)) {
        return fault_set(
            fault, ERR_INVALID, "",
            "must be a number from -1e15 to 1e15 (an id of so many digits: as a text)");
    }
    return ERR_OK;
}

enum err event_numbers_check(const json_t *properties, const char *pointer, struct fault *ret_fault)
{
    const json_t *id = json_object_get(properties, "transaction_id");
    enum err e = check(properties, json_is_integer(id) ? id : NULL, ret_fault);
    if (e)
        fault_prefix(ret_fault, pointer);
    return e;
}

#define DIGITS_MOST 18

static size_t digits_at(const char *s, const char *end)
{
    const char *from = s;
    while (s < end && *s >= '0' && *s <= '9')
        s++;
    return (size_t)(s - from);
}

json_t *event_number_of(const char *text, size_t length)
{
    const char *end = text + length, *s = text + (length > 0 && *text == '-');
    size_t whole = digits_at(s, end), fraction = 0;
    const char *rest = s + whole;
    bool has_point = rest < end && *rest == '.';
    if (has_point) {
        fraction = digits_at(rest + 1, end);
        rest += 1 + fraction;
    }
    if (rest != end || whole == 0 || whole > DIGITS_MOST || (has_point && fraction == 0) ||
        fraction > DIGITS_MOST)
        return NULL;
    return has_point ? json_real(strtod(text, NULL)) : json_integer(strtoll(text, NULL, 10));
}

void event_number_settle(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name), *number = NULL;
    if (json_is_string(value))
        number = event_number_of(json_string_value(value), json_string_length(value));
    else if (json_is_real(value) && fabs(json_real_value(value)) < (double)EVENT_NUMBER_MAX &&
             json_real_value(value) == floor(json_real_value(value)))
        number = json_integer((json_int_t)json_real_value(value));
    if (number)
        must(json_object_set_new(object, name, number) == 0);
}
