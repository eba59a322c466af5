// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/accept.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define WEIGHT_MOST 1000

/* "0", "0.5", "1.000": thousandths; anything else: 0. */
static int read_weight(const char *text)
{
    int weight = (*text - '0') * WEIGHT_MOST;
    if (*text != '0' && *text != '1')
        return 0;
    if (*++text == '.')
        text++;
    for (int unit = 100; unit > 0 && *text >= '0' && *text <= '9'; unit /= 10)
        weight += (*text++ - '0') * unit;
    text += strspn(text, " \t");
    return (*text == '\0' || *text == ',') && weight <= WEIGHT_MOST ? weight : 0;
}

/* The weight behind an element's name: that of ";q=", else all of it. */
static int weight_after(const char *at)
{
    at += strspn(at, " \t");
    if (*at != ';')
        return *at == '\0' || *at == ',' ? WEIGHT_MOST : 0;
    at += 1 + strspn(at + 1, " \t");
    return strncasecmp(at, "q=", 2) == 0 ? read_weight(at + 2) : 0;
}

/* -1: the list does not name it. */
static int find_weight(const char *list, const char *word, bool has_regions)
{
    size_t length = strlen(word);
    int best = -1;
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += strspn(at, ", \t");
        if (strncasecmp(at, word, length) != 0)
            continue;
        const char *end = at + length;
        if (has_regions && *end == '-')
            end += strcspn(end, ",; \t");
        if (*end && !strchr(",; \t", *end))
            continue;
        int weight = weight_after(end);
        best = weight > best ? weight : best;
    }
    return best;
}

int accept_weight(const char *list, const char *word)
{
    int weight = find_weight(list, word, false);
    return weight > 0 ? weight : 0;
}

size_t accept_coding(const char *list, const char *const *codings, size_t count)
{
    int rest = find_weight(list, "*", false), most = find_weight(list, "identity", false);
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        int weight = find_weight(list, codings[i], false);
        weight = weight < 0 ? rest : weight;
        /* As it is is the last choice among equals, and not worth more than was said of it. */
        if (weight > 0 && (best == count ? weight >= most : weight > most)) {
            most = weight;
            best = i;
        }
    }
    return best;
}

size_t accept_language(const char *list, const char *const *languages, size_t count)
{
    size_t best = 0;
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        int weight = find_weight(list, languages[i], true);
        if (weight <= most)
            continue;
        most = weight;
        best = i;
    }
    return best;
}
