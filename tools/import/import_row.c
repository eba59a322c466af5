// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_row.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "base/uuid.h"
#include "tools/csv/cell.h"
#include "tools/import/import_cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MOST    100000
#define VISITOR_BYTES 238 /* the server takes 256, with its own prefix */

struct row {
    struct mapping *mapping;
    const struct csv *csv;
    uint64_t number;
    const struct import_source *source;
    struct fault *fault;
    char visitor_id[300];
    const char *variant;
    const struct mapping_variant *found;
    int64_t ts_us;
};

/* An event whose cells are checked; only its number of copies is left open. */
struct draft {
    const struct mapping_event *event; /* NULL: the exposure */
    struct buf properties;             /* a JSON object */
    int64_t ts_us;
    int64_t copies;
    double value; /* 0: none */
};

static enum err read_visitor(struct row *row)
{
    const struct mapping *m = row->mapping;
    const char *prefix = m->visitor_prefix ? m->visitor_prefix : "";
    int n;
    if (m->is_row_number) {
        n = snprintf(row->visitor_id, sizeof(row->visitor_id), "%s%llu", prefix,
                     (unsigned long long)row->number);
    } else {
        const char *text = import_text(row->csv, row->fault, &m->visitor, "/visitor");
        if (!text)
            return ERR_INVALID;
        if (!*text)
            return import_refuse(row->fault, "/visitor", &m->visitor, text, "a visitor's id");
        n = snprintf(row->visitor_id, sizeof(row->visitor_id), "%s%s", prefix, text);
    }
    if (n < 1 || n > VISITOR_BYTES || !text_is_id(row->visitor_id, (size_t)n))
        return import_refuse(row->fault, "/visitor", &m->visitor, row->visitor_id,
                             "an id of 1 to 238 bytes of printable UTF-8");
    return ERR_OK;
}

static enum err read_variant(struct row *row)
{
    enum err e = import_variant(row->csv, row->fault, row->mapping, &row->found);
    if (!e)
        row->variant = row->found->key;
    return e;
}

static enum err is_made(const struct row *row, const struct mapping_when *when, bool *ret)
{
    *ret = true;
    if (!when->cell.column)
        return ERR_OK;
    const char *text = import_text(row->csv, row->fault, &when->cell, "/when");
    if (!text)
        return ERR_INVALID;
    if (when->equals)
        *ret = cell_is(text, when->equals);
    else if (when->is_present)
        *ret = *text != '\0';
    else if (when->is_true)
        return cell_truth(text, ret)
                   ? ERR_OK
                   : import_refuse(row->fault, "/when", &when->cell, text, "yes or no");
    else {
        struct buf number = {0};
        if (*text && !import_add_number(&number, &when->cell, text))
            return import_refuse(row->fault, "/when", &when->cell, text, "a number");
        *ret = number.data && strtod(number.data, NULL) > when->above;
        buf_done(&number);
    }
    return ERR_OK;
}

static enum err add_property(const struct row *row, const struct mapping_property *p,
                             struct buf *out)
{
    char pointer[128] = "/properties";
    pointer_push(pointer, sizeof(pointer), p->name);
    const char *text = import_text(row->csv, row->fault, &p->cell, pointer);
    if (!text)
        return ERR_INVALID;
    if (!*text)
        return ERR_OK;
    json_add_key(out, p->name);
    if (!p->kind || strcmp(p->kind, "string") == 0) {
        json_add_string(out, text);
        return ERR_OK;
    }
    if (strcmp(p->kind, "number") == 0)
        return import_add_number(out, &p->cell, text)
                   ? ERR_OK
                   : import_refuse(row->fault, pointer, &p->cell, text, "a number");
    bool is_true = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    if (!is_true && strcasecmp(text, "false") != 0 && strcmp(text, "0") != 0)
        return import_refuse(row->fault, pointer, &p->cell, text, "true, false, 1 or 0");
    buf_add_str(out, is_true ? "true" : "false");
    return ERR_OK;
}

static enum err add_value(const struct row *row, const struct mapping_event *event,
                          struct draft *draft)
{
    struct buf *out = &draft->properties;
    if (!event->value.column && !event->value.constant)
        return ERR_OK;
    const char *text = import_text(row->csv, row->fault, &event->value, "/value");
    if (!text)
        return ERR_INVALID;
    if (!*text)
        return ERR_OK;
    json_add_key(out, "value");
    size_t at = out->length;
    if (!import_add_number(out, &event->value, text))
        return import_refuse(row->fault, "/value", &event->value, text, "a number");
    draft->value = strtod(out->data + at, NULL);
    if (row->source->currency) {
        json_add_key(out, "currency");
        json_add_string(out, row->source->currency);
    }
    return ERR_OK;
}

static enum err add_properties(const struct row *row, const struct mapping_event *event,
                               struct draft *draft)
{
    struct buf *out = &draft->properties;
    buf_add_char(out, '{');
    enum err e = add_value(row, event, draft);
    if (!e && (event->transaction_id.column || event->transaction_id.constant)) {
        const char *text =
            import_text(row->csv, row->fault, &event->transaction_id, "/transaction_id");
        if (!text)
            return ERR_INVALID;
        json_add_key(out, "transaction_id");
        json_add_string(out, text);
    }
    for (size_t i = 0; !e && i < event->property_count; i++)
        e = add_property(row, &event->properties[i], out);
    buf_add_char(out, '}');
    return e;
}

static enum err read_copies(const struct row *row, const struct mapping_event *event,
                            int64_t *ret_copies)
{
    *ret_copies = 1;
    if (!event->count.column && !event->count.constant)
        return ERR_OK;
    const char *text = import_text(row->csv, row->fault, &event->count, "/count");
    if (!text)
        return ERR_INVALID;
    char plain[NUMBER_BYTES];
    *ret_copies = 0;
    if (*text && (!import_plain_number(&event->count, text, plain) ||
                  !cell_count(plain, COUNT_MOST, ret_copies)))
        return import_refuse(row->fault, "/count", &event->count, text,
                             "a whole number from 0 to 100000");
    return ERR_OK;
}

static enum err draft_event(const struct row *row, const struct mapping_event *event,
                            struct draft *draft)
{
    bool made;
    enum err e = is_made(row, &event->when, &made);
    if (e || !made)
        return e;
    draft->event = event;
    draft->ts_us = row->ts_us;
    if (event->time.cell.column || event->time.cell.constant)
        e = import_time(row->csv, row->fault, &event->time, "/time", &draft->ts_us);
    e = e ? e : read_copies(row, event, &draft->copies);
    return e ? e : add_properties(row, event, draft);
}

static enum err draft_exposure(const struct row *row, struct draft *draft)
{
    const struct mapping *m = row->mapping;
    struct buf *out = &draft->properties;
    draft->ts_us = row->ts_us;
    draft->copies = 1;
    buf_add_char(out, '{');
    json_add_key(out, "campaign");
    json_add_string(out, m->campaign_key);
    json_add_key(out, "variant");
    json_add_string(out, row->variant);
    if (row->source->phase) {
        json_add_key(out, "phase");
        json_add_int(out, row->source->phase);
    }
    for (size_t i = 0; i < MAPPING_DIMENSIONS; i++) {
        const struct mapping_cell *cell = &m->dimensions[i];
        if (!cell->column && !cell->constant)
            continue;
        const char *text = import_text(row->csv, row->fault, cell, "/dimensions");
        if (!text)
            return ERR_INVALID;
        if (!*text)
            continue;
        json_add_key(out, mapping_dimension_names[i]);
        json_add_string(out, text);
    }
    buf_add_char(out, '}');
    return ERR_OK;
}

#define PLACE_BITS 5 /* for the exposure and MAPPING_EVENTS namesakes */

/* Exposures belong to a campaign; what a visitor did does not, so that two campaigns may be
 * imported from one source. Among equal times results go by ids, so these follow the rows. */
static struct uuid event_id(const struct row *row, const struct draft *draft, int64_t copy)
{
    struct buf name = {0};
    const char *event_name = draft->event ? draft->event->name : "exposure";
    unsigned namesakes = 0;
    for (const struct mapping_event *e = row->mapping->events; draft->event && e < draft->event;
         e++)
        namesakes += strcmp(e->name, event_name) == 0;
    buf_add(&name, row->source->digest, sizeof(row->source->digest));
    buf_printf(&name, "%llu/%u/%s/%s", (unsigned long long)row->number, namesakes, event_name,
               draft->event ? "" : row->mapping->campaign_key);
    uint64_t number = row->number < UINT32_MAX ? row->number : UINT32_MAX;
    struct uuid_place place = {.order = number << PLACE_BITS | (draft->event ? 1 + namesakes : 0),
                               .copy = (uint32_t)copy};
    struct uuid id = uuid_placed(draft->ts_us, place, name.data, name.length);
    buf_done(&name);
    return id;
}

static void emit(const struct row *row, const struct draft *draft, import_event_fn *fn, void *arg)
{
    char ts[CLOCK_TEXT_SIZE], id[UUID_TEXT_SIZE];
    struct buf json = {0};
    char visitor_id[sizeof(row->visitor_id) + 40];
    const char *prefix = row->source->visitor_prefix;
    snprintf(visitor_id, sizeof(visitor_id), "%s%s", prefix ? prefix : "", row->visitor_id);
    clock_format(draft->ts_us, ts);
    for (int64_t copy = 0; copy < draft->copies; copy++) {
        struct uuid uuid = event_id(row, draft, copy);
        uuid_format(&uuid, id);
        buf_clear(&json);
        buf_printf(&json, "{\"event_id\":\"%s\",\"visitor_id\":", id);
        json_add_string(&json, visitor_id);
        json_add_key(&json, "name");
        json_add_string(&json, draft->event ? draft->event->name : "exposure");
        buf_printf(&json, ",\"ts\":\"%s\",\"properties\":", ts);
        buf_add(&json, draft->properties.data, draft->properties.length);
        buf_add_char(&json, '}');
        fn(arg, json.data, json.length);
    }
    buf_done(&json);
}

static enum err draft_all(const struct row *row, struct draft *drafts)
{
    enum err e = draft_exposure(row, &drafts[0]);
    for (size_t i = 0; !e && i < row->mapping->event_count; i++) {
        e = draft_event(row, &row->mapping->events[i], &drafts[i + 1]);
        if (e) {
            fault_prefix_index(row->fault, i);
            fault_prefix(row->fault, "/events");
        }
    }
    return e;
}

static enum err draft_row(struct row *r, struct draft *drafts)
{
    enum err e = read_variant(r);
    if (e || !r->variant)
        return e;
    e = read_visitor(r);
    e = e ? e : import_time(r->csv, r->fault, &r->mapping->time, "/time", &r->ts_us);
    return e ? e : draft_all(r, drafts);
}

enum err import_row(const struct import_source *source, const struct csv *csv, uint64_t row,
                    import_event_fn *fn, void *arg, struct fault *ret_fault)
{
    struct mapping *m = source->mapping;
    struct row r = {.mapping = m, .csv = csv, .number = row, .source = source, .fault = ret_fault};
    struct draft drafts[MAPPING_EVENTS + 1] = {0};
    enum err e = draft_row(&r, drafts);
    for (size_t i = 0; i <= m->event_count; i++) {
        if (!e && drafts[i].copies)
            emit(&r, &drafts[i], fn, arg);
        buf_done(&drafts[i].properties);
    }
    return e;
}

static void tell(const struct row *row, const struct draft *drafts, struct import_facts *facts)
{
    strcpy(facts->visitor_id, row->visitor_id);
    facts->exposed_us = facts->first_us = facts->last_us = row->ts_us;
    for (size_t i = 0; i < row->mapping->event_count; i++) {
        const struct draft *d = &drafts[i + 1];
        if (!d->copies)
            continue;
        facts->events[i].count = d->copies;
        facts->events[i].before_exposure = d->ts_us < row->ts_us ? d->copies : 0;
        facts->events[i].sum = d->value * (double)d->copies;
        facts->first_us = d->ts_us < facts->first_us ? d->ts_us : facts->first_us;
        facts->last_us = d->ts_us > facts->last_us ? d->ts_us : facts->last_us;
    }
}

enum err import_row_facts(const struct import_source *source, const struct csv *csv, uint64_t row,
                          struct import_facts *ret_facts, struct fault *ret_fault)
{
    struct mapping *m = source->mapping;
    struct row r = {.mapping = m, .csv = csv, .number = row, .source = source, .fault = ret_fault};
    struct draft drafts[MAPPING_EVENTS + 1] = {0};
    enum err e = draft_row(&r, drafts);
    if (!e) {
        *ret_facts = (struct import_facts){.variant = r.variant ? r.found : NULL};
        if (r.variant)
            tell(&r, drafts, ret_facts);
    }
    for (size_t i = 0; i <= m->event_count; i++)
        buf_done(&drafts[i].properties);
    return e;
}
