// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/provider_role.h"

#include <stdbool.h>
#include <string.h>

struct pair {
    const char *value, *name;
    size_t value_length, name_length;
};

static size_t trimmed(const char *s, size_t length)
{
    while (length > 0 && s[length - 1] == ' ')
        length--;
    return length;
}

/* Takes the next pair from *at; false: there is none, or it is not well formed. */
static bool take_pair(const char **at, struct pair *ret)
{
    const char *begin = *at + strspn(*at, " ,");
    size_t length = strcspn(begin, ",");
    const char *equals = memchr(begin, '=', length);
    *at = begin + length;
    if (!equals)
        return false;
    const char *name = equals + 1 + strspn(equals + 1, " ");
    if (name > begin + length)
        return false;
    *ret = (struct pair){begin, name, trimmed(begin, (size_t)(equals - begin)),
                         trimmed(name, (size_t)(begin + length - name))};
    return ret->value_length > 0;
}

enum role provider_role_named(const char *name, size_t length)
{
    for (enum role role = ROLE_VIEWER; role <= ROLE_ADMIN; role++)
        if (strlen(role_name(role)) == length && memcmp(role_name(role), name, length) == 0)
            return role;
    return ROLE_NONE;
}

enum err provider_role_check(const char *map, struct fault *ret_fault)
{
    for (const char *at = map; at[strspn(at, " ,")];) {
        struct pair pair;
        if (!take_pair(&at, &pair) || provider_role_named(pair.name, pair.name_length) == ROLE_NONE)
            return fault_set(ret_fault, ERR_INVALID, "",
                             "expected 'value=role' with commas between; roles are viewer, editor, "
                             "publisher and admin");
    }
    return ERR_OK;
}

static enum role role_of(const char *map, const char *value)
{
    enum role found = ROLE_NONE;
    for (const char *at = map; value && at[strspn(at, " ,")];) {
        struct pair pair;
        if (!take_pair(&at, &pair) || strlen(value) != pair.value_length ||
            memcmp(value, pair.value, pair.value_length) != 0)
            continue;
        enum role role = provider_role_named(pair.name, pair.name_length);
        found = role > found ? role : found;
    }
    return found;
}

enum role provider_role_find(const char *map, const json_t *claim)
{
    enum role found = role_of(map, json_string_value(claim));
    for (size_t i = 0; i < json_array_size(claim); i++) {
        enum role role = role_of(map, json_string_value(json_array_get(claim, i)));
        found = role > found ? role : found;
    }
    return found;
}
