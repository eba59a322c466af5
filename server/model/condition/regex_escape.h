// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What stands behind a backslash in a JavaScript regular expression. Part of regex_translate.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct regex_cursor {
    const char *at;
    const char *end;
};

enum regex_escape_kind {
    REGEX_ESCAPE_CHARACTER, /* 'value' is a code point, or half a surrogate pair */
    REGEX_ESCAPE_SET,       /* 'value' is one of dDsSwW */
    REGEX_ESCAPE_BOUNDARY,  /* 'value' is b or B; outside classes only */
    REGEX_ESCAPE_GROUP,     /* 'value' is the number of a group; outside classes only */
    REGEX_ESCAPE_NAME,      /* \k<name>, the cursor stands on '<'; outside classes only */
    REGEX_ESCAPE_BROKEN,    /* the pattern ends behind its backslash */
};

struct regex_escape {
    enum regex_escape_kind kind;
    uint32_t value;
};

/* Reads the code point at the cursor, which is not at its end. */
uint32_t regex_cursor_next(struct regex_cursor *c);
/* Steps over 'byte' if it stands at the cursor. */
bool regex_cursor_skip(struct regex_cursor *c, char byte);
/* Reads a decimal number of any length, capped at 1,000,000. False if there is no digit. */
bool regex_cursor_number(struct regex_cursor *c, uint32_t *ret);

/* Reads the escape whose backslash was just read. 'groups' is the number of groups in the pattern,
 * of which some have names if 'has_names'. */
struct regex_escape regex_escape_read(struct regex_cursor *c, bool in_class, unsigned groups,
                                      bool has_names);
