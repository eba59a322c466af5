// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/junk_id.h"

#include "base/err.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ID_BYTES 256

/* Small letters, nothing around. Returns the length of what is left; a text that is longer than an
 * id is cut. */
static size_t fold(const char *text, char ret[ID_BYTES + 1])
{
    static const char around[] = " \t\"'`";
    size_t length, n = 0;
    text += strspn(text, around);
    length = strlen(text);
    while (length > 0 && strchr(around, text[length - 1]))
        length--;
    for (; n < length && n < ID_BYTES; n++)
        ret[n] = (char)tolower((unsigned char)text[n]);
    ret[n] = '\0';
    return n;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void junk_ids_read(struct junk_ids *ret, struct arena *arena, const json_t *list)
{
    bool is_given = json_is_array(list);
    json_t *defaults = is_given ? NULL : json_loads(JUNK_ID_DEFAULTS, 0, NULL);
    const json_t *all = is_given ? list : defaults;
    const char **ids = arena_zalloc(arena, (json_array_size(all) + 1) * sizeof(*ids));
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *text = json_string_value(json_array_get(all, i));
        char folded[ID_BYTES + 1];
        if (text && fold(text, folded) > 0)
            ids[count++] = arena_strdup(arena, folded);
    }
    json_decref(defaults);
    qsort(ids, count, sizeof(*ids), compare);
    *ret = (struct junk_ids){.ids = ids, .count = count};
}

static bool is_placeholder(const char *folded, size_t length)
{
    return length >= 3 &&
           ((strncmp(folded, "{{", 2) == 0 && strcmp(folded + length - 2, "}}") == 0) ||
            (strncmp(folded, "${", 2) == 0 && folded[length - 1] == '}'));
}

bool junk_ids_hold(const struct junk_ids *j, const char *id)
{
    char folded[ID_BYTES + 1];
    const char *key = folded;
    size_t length = fold(id, folded);
    return length == 0 || folded[strspn(folded, "0-")] == '\0' || is_placeholder(folded, length) ||
           bsearch(&key, j->ids, j->count, sizeof(*j->ids), compare);
}
