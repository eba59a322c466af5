// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision_pattern.h"

#include "base/mem.h"

#include <string.h>

static bool is_sign(char c)
{
    return c == '*' || c == COLLISION_HOST;
}

/* Whether the sign can stand for the letter. */
static bool takes(char sign, char letter)
{
    return sign == '*' || (sign == COLLISION_HOST && letter != '/');
}

/* From each place of 'b' that is reached with 'a' so far: on within the row, where 'b' has a sign
 * or 'a' has one that takes b's letters. */
static bool spread(char a, const char *b, size_t length, char *row)
{
    bool is_any = false;
    for (size_t j = 0; j <= length; j++) {
        is_any = is_any || row[j];
        if (row[j] && j < length && (is_sign(b[j]) || (is_sign(a) && takes(a, b[j]))))
            row[j + 1] = 1;
    }
    return is_any;
}

/* The next row: past a sign of 'a', or past its letter where b's is the same, or takes it. */
static void advance(char a, const char *b, size_t length, const char *row, char *next)
{
    memset(next, 0, length + 1);
    for (size_t j = 0; j <= length; j++) {
        if (!row[j])
            continue;
        if (is_sign(a)) {
            next[j] = 1;
        } else if (j < length && is_sign(b[j])) {
            if (takes(b[j], a))
                next[j] = 1;
        } else if (j < length && b[j] == a) {
            next[j + 1] = 1;
        }
    }
}

bool collision_pattern_meets(const char *a, const char *b, struct collision_work *work)
{
    size_t length = strlen(b);
    auto_free char *rows = mem_zalloc(2 * (length + 1));
    char *row = rows, *next = rows + length + 1;
    row[0] = 1;
    for (;; a++) {
        if (!collision_spend(work, length + 1))
            return true;
        if (!spread(*a, b, length, row))
            return false;
        if (*a == '\0')
            return row[length];
        advance(*a, b, length, row, next);
        char *was = row;
        row = next;
        next = was;
    }
}

bool collision_pattern_covers(const char *whole, const char *part, struct collision_work *work)
{
    const char *star = NULL, *back = NULL;
    for (;;) {
        if (!collision_spend(work, 1))
            return false;
        if (*whole == '*') {
            star = whole++;
            back = part;
        } else if (*part == '\0' && *whole == '\0') {
            return true;
        } else if (*part != '\0' && *whole == *part) {
            whole++;
            part++;
        } else if (star && *back != '\0') {
            whole = star + 1;
            part = ++back;
        } else {
            return false;
        }
    }
}
