// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/junk_id.h"

#include "base/err.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ID_BYTES 256
/* Nothing of an id, and what an id is nobody's of if it has nothing else. */
#define AROUND  " \t\"'`"
#define NOTHING "0-"

/* Small letters, nothing around. Returns the length of what is left; a text that is longer than an
 * id is cut. */
static size_t fold(const char *text, char ret[ID_BYTES + 1])
{
    size_t length, n = 0;
    text += strspn(text, AROUND);
    length = strlen(text);
    while (length > 0 && strchr(AROUND, text[length - 1]))
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

static uint64_t length_bit(size_t length)
{
    return UINT64_C(1) << (length < 63 ? length : 63);
}

static void note_length(struct junk_ids *j, const char *folded)
{
    size_t length = strlen(folded);
    if (folded[strspn(folded, NOTHING)] == '\0')
        return;
    j->lengths[(unsigned char)folded[0]] |= length_bit(length);
    j->lengths[toupper((unsigned char)folded[0])] |= length_bit(length);
}

/* False: surely it is none. Nearly every id is done with by two looks. */
static bool may_be_junk(const struct junk_ids *j, const char *id)
{
    size_t length = strlen(id);
    unsigned char first = (unsigned char)id[0];
    if (j->lengths[first] & length_bit(length))
        return true;
    if ((first == '0' || first == '-') && strchr(NOTHING, id[1]))
        return true;
    return length == 0 || strchr(AROUND, id[length - 1]);
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
    for (size_t i = 0; i < count; i++)
        note_length(ret, ids[i]);
    for (const char *first = AROUND "{$"; *first; first++)
        ret->lengths[(unsigned char)*first] = UINT64_MAX;
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
    if (!may_be_junk(j, id))
        return false;
    size_t length = fold(id, folded);
    return length == 0 || folded[strspn(folded, NOTHING)] == '\0' ||
           is_placeholder(folded, length) ||
           bsearch(&key, j->ids, j->count, sizeof(*j->ids), compare);
}
