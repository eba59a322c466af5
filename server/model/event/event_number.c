// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/event_number.h"

#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being looked at, by a pointer that grows and shrinks. */
struct search {
    char pointer[sizeof(((struct fault *)0)->pointer)];
    const json_t *name; /* a number that is none */
};

static bool is_bounded(const json_t *value)
{
    if (json_is_integer(value))
        return json_integer_value(value) <= EVENT_NUMBER_MAX &&
               json_integer_value(value) >= -EVENT_NUMBER_MAX;
    double real = json_real_value(value);
    return real <= (double)EVENT_NUMBER_MAX && real >= -(double)EVENT_NUMBER_MAX;
}

/* Nearly every event's are: no pointer is made before one is not. 'name' is a number that is none.
 */
static bool are_bounded(const json_t *value, const json_t *name)
{
    const char *key;
    json_t *member;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
            if (!are_bounded(member, name))
                return false;
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            if (!are_bounded(json_array_get(value, i), name))
                return false;
    } else if (json_is_number(value)) {
        return value == name || is_bounded(value);
    }
    return true;
}

static const json_t *find_in(const json_t *value, struct search *search);

/* The pointer is left at what was found. */
static const json_t *find_in_object(const json_t *object, struct search *search)
{
    size_t length = strlen(search->pointer);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        if (!json_is_number(value) && !json_is_object(value) && !json_is_array(value))
            continue;
        pointer_push(search->pointer, sizeof(search->pointer), key);
        const json_t *found = find_in(value, search);
        if (found)
            return found;
        search->pointer[length] = '\0';
    }
    return NULL;
}

static const json_t *find_in_array(const json_t *array, struct search *search)
{
    size_t length = strlen(search->pointer);
    for (size_t i = 0; i < json_array_size(array); i++) {
        pointer_push_index(search->pointer, sizeof(search->pointer), i);
        const json_t *found = find_in(json_array_get(array, i), search);
        if (found)
            return found;
        search->pointer[length] = '\0';
    }
    return NULL;
}

/* The first number that is out of bounds. Input is not deep: its parser has counted. */
static const json_t *find_in(const json_t *value, struct search *search)
{
    if (json_is_object(value))
        return find_in_object(value, search);
    if (json_is_array(value))
        return find_in_array(value, search);
    return json_is_number(value) && !is_bounded(value) && value != search->name ? value : NULL;
}

enum err event_numbers_check(const json_t *properties, const char *pointer, struct fault *ret_fault)
{
    const json_t *id = json_object_get(properties, "transaction_id");
    struct search search = {.name = json_is_integer(id) ? id : NULL};
    if (are_bounded(properties, search.name))
        return ERR_OK;
    snprintf(search.pointer, sizeof(search.pointer), "%s", pointer);
    (void)find_in(properties, &search);
    return fault_set(ret_fault, ERR_INVALID, search.pointer,
                     "must be a number from -1e15 to 1e15 (an id of so many digits: as a text)");
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
