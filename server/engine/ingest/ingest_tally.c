// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_tally.h"

#include "base/mem.h"
#include "model/event/event_commerce.h"

#include <string.h>

void ingest_tally_done(struct ingest_tally *t)
{
    for (size_t i = 0; i < t->count; i++)
        mem_free(t->rows[i].name);
    mem_free(t->rows);
    *t = (struct ingest_tally){0};
}

static bool is_well_known(const char *name)
{
    return name[0] == '\0' || event_is_commerce(name) || strcmp(name, "exposure") == 0 ||
           strcmp(name, "page_view") == 0;
}

static struct ingest_tally_row *find(const struct ingest_tally *t, int environment_id,
                                     enum refusal why, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        struct ingest_tally_row *row = &t->rows[i];
        if (row->environment_id == environment_id && row->why == why &&
            strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

static bool has_room(const struct ingest_tally *t, int environment_id)
{
    size_t others = 0;
    for (size_t i = 0; i < t->count; i++)
        others += t->rows[i].environment_id == environment_id && !is_well_known(t->rows[i].name);
    return others < INGEST_TALLY_NAMES;
}

static struct ingest_tally_row *append(struct ingest_tally *t, int environment_id, enum refusal why,
                                       const char *name)
{
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 16;
        t->rows = mem_realloc(t->rows, t->room * sizeof(*t->rows));
    }
    struct ingest_tally_row *row = &t->rows[t->count++];
    *row = (struct ingest_tally_row){environment_id, why, mem_strdup(name), 0, 0};
    return row;
}

void ingest_tally_add(struct ingest_tally *t, int environment_id, enum refusal why,
                      const char *name)
{
    struct ingest_tally_row *row = find(t, environment_id, why, name);
    if (!row && !is_well_known(name) && !has_room(t, environment_id)) {
        name = "";
        row = find(t, environment_id, why, name);
    }
    if (!row)
        row = append(t, environment_id, why, name);
    row->count++;
}

void ingest_tally_send(struct ingest_tally *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->rows[i].sent = t->rows[i].count;
}

void ingest_tally_settle(struct ingest_tally *t, bool has_come)
{
    size_t left = 0;
    for (size_t i = 0; i < t->count; i++) {
        struct ingest_tally_row row = t->rows[i];
        if (has_come)
            row.count -= row.sent;
        row.sent = 0;
        if (row.count > 0)
            t->rows[left++] = row;
        else
            mem_free(row.name);
    }
    t->count = left;
}
