// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_report.h"

#include "base/mem.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 1024

static uint64_t hash_of(const char *id)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = {0};
    unsigned char bytes[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(bytes, (const unsigned char *)id, strlen(id), key);
    memcpy(&hash, bytes, sizeof(hash));
    return hash ? hash : 1;
}

/* The visitor's place, or the free one where it belongs. */
static struct report_visitor *place_of(const struct import_report *r, uint64_t hash)
{
    size_t at = hash & (r->room - 1);
    while (r->visitors[at].hash && r->visitors[at].hash != hash)
        at = (at + 1) & (r->room - 1);
    return &r->visitors[at];
}

static void make_room(struct import_report *r)
{
    if (r->visitor_count * 2 < r->room)
        return;
    struct import_report grown = {.room = r->room ? r->room * 2 : FIRST_ROOM};
    grown.visitors = mem_zalloc(grown.room * sizeof(*grown.visitors));
    for (size_t i = 0; i < r->room; i++)
        if (r->visitors[i].hash)
            *place_of(&grown, r->visitors[i].hash) = r->visitors[i];
    mem_free(r->visitors);
    r->visitors = grown.visitors;
    r->room = grown.room;
}

/* The first of the texts that stand for one variant. */
static uint8_t number_of(const struct mapping *m, const struct mapping_variant *variant)
{
    size_t i = 0;
    while (!m->variants[i].key || strcmp(m->variants[i].key, variant->key) != 0)
        i++;
    return (uint8_t)i;
}

/* A visitor counts in the variant it met first, by time and then by row. */
static void add_visitor(struct import_report *r, const struct mapping *m,
                        const struct import_facts *facts)
{
    make_room(r);
    uint64_t hash = hash_of(facts->visitor_id);
    struct report_visitor *v = place_of(r, hash);
    uint8_t variant = number_of(m, facts->variant);
    if (!v->hash) {
        *v = (struct report_visitor){hash, facts->exposed_us, variant, false};
        r->visitor_count++;
        return;
    }
    v->is_crossover |= v->variant != variant;
    if (facts->exposed_us < v->exposed_us) {
        v->exposed_us = facts->exposed_us;
        v->variant = variant;
    }
}

void import_report_add(struct import_report *r, const struct mapping *m,
                       const struct import_facts *facts)
{
    if (!facts->variant) {
        r->left_out++;
        return;
    }
    bool is_first = r->visitor_count == 0;
    add_visitor(r, m, facts);
    r->first_us = is_first || facts->first_us < r->first_us ? facts->first_us : r->first_us;
    r->last_us = is_first || facts->last_us > r->last_us ? facts->last_us : r->last_us;
    for (size_t i = 0; i < m->event_count; i++) {
        r->rules[i].events += (uint64_t)facts->events[i].count;
        r->rules[i].rows += facts->events[i].count > 0;
        r->rules[i].before_exposure += (uint64_t)facts->events[i].before_exposure;
        r->rules[i].sum += facts->events[i].sum;
    }
}

/* Without what the cell holds, and without the place that stands before the reason. */
static void reason_of(const struct fault *bad, char text[200])
{
    const char *detail = bad->detail, *holds = strstr(detail, " holds \"");
    const char *wanted = NULL;
    for (const char *at = holds ? strstr(holds, "\", not ") : NULL; at;
         at = strstr(at + 1, "\", not "))
        wanted = at + 3;
    if (strncmp(detail, "line ", 5) == 0 && strstr(detail, ": "))
        detail = strstr(detail, ": ") + 2;
    if (wanted)
        snprintf(text, 200, "%.*s: %.100s", (int)(holds - bad->detail), bad->detail, wanted);
    else
        snprintf(text, 200, "%.199s", detail);
}

void import_report_refuse(struct import_report *r, uint64_t line, const struct fault *bad)
{
    char text[200];
    size_t i = 0;
    reason_of(bad, text);
    while (i < r->reason_count && strcmp(r->reasons[i].text, text) != 0)
        i++;
    if (i == REPORT_REASONS) {
        i--;
        strcpy(r->reasons[i].text, "other reasons");
    } else if (i == r->reason_count) {
        strcpy(r->reasons[r->reason_count++].text, text);
    }
    struct report_reason *reason = &r->reasons[i];
    if (reason->rows < REPORT_LINES)
        reason->lines[reason->rows] = line;
    reason->rows++;
}

void import_report_done(struct import_report *r)
{
    mem_free(r->visitors);
}
