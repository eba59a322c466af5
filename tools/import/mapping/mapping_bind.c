// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/mapping.h"

#include "base/text.h"
#include "tools/import/mapping/mapping_event.h"

#include <math.h>
#include <string.h>

struct header {
    const char *const *names;
    size_t count;
};

static void list_columns(const struct header *header, char *out, size_t size)
{
    struct buf list = {0};
    buf_add_str(&list, "");
    for (size_t i = 0; i < header->count && list.length + 80 < size; i++)
        buf_printf(&list, "%s\"%.64s\"", i ? ", " : "", header->names[i]);
    strcpy(out, list.data);
    buf_done(&list);
}

static enum err bind(struct mapping_cell *cell, const struct header *header, const char *pointer,
                     struct fault *fault)
{
    if (!cell->column)
        return ERR_OK;
    size_t found = 0;
    for (size_t i = 0; i < header->count; i++)
        if (strcmp(header->names[i], cell->column) == 0 && found++ == 0)
            cell->index = i;
    char columns[400];
    list_columns(header, columns, sizeof(columns));
    if (found == 0)
        return fault_set(fault, ERR_INVALID, pointer,
                         "the CSV file has no column \"%s\"; it has %s", cell->column, columns);
    if (found > 1)
        return fault_set(fault, ERR_INVALID, pointer, "the CSV file has %zu columns \"%s\"", found,
                         cell->column);
    return ERR_OK;
}

static enum err bind_event(struct mapping_event *event, const struct header *header,
                           struct fault *fault)
{
    enum err e = bind(&event->when.cell, header, "/when/column", fault);
    e = e ? e : bind(&event->time.cell, header, "/time/column", fault);
    e = e ? e : bind(&event->value, header, "/value/column", fault);
    e = e ? e : bind(&event->transaction_id, header, "/transaction_id/column", fault);
    e = e ? e : bind(&event->count, header, "/count/column", fault);
    for (size_t i = 0; !e && i < event->property_count; i++) {
        char pointer[256] = "/properties";
        pointer_push(pointer, sizeof(pointer), event->properties[i].name);
        pointer_push(pointer, sizeof(pointer), "column");
        e = bind(&event->properties[i].cell, header, pointer, fault);
    }
    return e;
}

static enum err bind_events(struct mapping *m, const struct header *header, struct fault *fault)
{
    for (size_t i = 0; i < m->event_count; i++) {
        enum err e = bind_event(&m->events[i], header, fault);
        if (e) {
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/events");
            return e;
        }
    }
    return ERR_OK;
}

static enum err bind_totals(struct mapping *m, const struct header *header, struct fault *fault)
{
    enum err e =
        bind(&m->visitors, header,
             m->is_daily ? "/totals/daily_visitors/column" : "/totals/visitors/column", fault);
    for (size_t i = 0; !e && i < m->total_count; i++) {
        e = bind(&m->totals[i].sum, header, "/sum/column", fault);
        e = e ? e : bind(&m->totals[i].squares, header, "/squares/column", fault);
        if (e) {
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/totals/sums");
        }
    }
    return e;
}

enum err mapping_bind(struct mapping *m, const char *const *header, size_t count,
                      struct fault *ret_fault)
{
    const struct header h = {header, count};
    enum err e = bind(&m->visitor, &h, "/visitor/column", ret_fault);
    e = e ? e : bind(&m->variant, &h, "/variant/column", ret_fault);
    e = e ? e : bind(&m->time.cell, &h, "/time/column", ret_fault);
    for (size_t i = 0; !e && i < MAPPING_DIMENSIONS; i++) {
        char pointer[64] = "/dimensions";
        pointer_push(pointer, sizeof(pointer), mapping_dimension_names[i]);
        pointer_push(pointer, sizeof(pointer), "column");
        e = bind(&m->dimensions[i], &h, pointer, ret_fault);
    }
    e = e ? e : bind_totals(m, &h, ret_fault);
    return e ? e : bind_events(m, &h, ret_fault);
}

const struct mapping_variant *mapping_variant(struct mapping *m, const char *text,
                                              struct fault *ret_fault)
{
    for (size_t i = 0; i < m->variant_count; i++)
        if (strcmp(m->variants[i].text, text) == 0)
            return &m->variants[i];
    if (m->has_map) {
        fault_set(ret_fault, ERR_INVALID, "/variant/map", "\"%.100s\" is not in the map", text);
        return NULL;
    }
    const char *copy = arena_strdup(m->arena, text);
    if (mapping_add_variant(m, copy, copy, ret_fault))
        return NULL;
    return &m->variants[m->variant_count - 1];
}

static bool is_named(const struct mapping_variant *v, const char *name)
{
    return v->key && (strcmp(v->key, name) == 0 || strcmp(v->text, name) == 0);
}

static enum err find_control(struct mapping *m, struct fault *fault)
{
    const char *key = NULL;
    for (size_t i = 0; i < m->variant_count; i++)
        if (!key && is_named(&m->variants[i], m->control))
            key = m->variants[i].key;
    if (!key)
        return fault_set(fault, ERR_INVALID, "/campaign/control", "there is no variant \"%s\"",
                         m->control);
    for (size_t i = 0; i < m->variant_count; i++)
        m->variants[i].is_control = m->variants[i].key && strcmp(m->variants[i].key, key) == 0;
    return ERR_OK;
}

/* Several texts may stand for one variant: then its first row carries it. */
static bool stands_first(const struct mapping *m, size_t index)
{
    if (!m->variants[index].key)
        return false;
    for (size_t i = 0; i < index; i++)
        if (m->variants[i].key && strcmp(m->variants[i].key, m->variants[index].key) == 0)
            return false;
    return true;
}

static enum err read_weights(struct mapping *m, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach(m->weights, name, value) {
        bool is_known = false;
        for (size_t i = 0; i < m->variant_count; i++) {
            if (!is_named(&m->variants[i], name))
                continue;
            is_known = true;
            m->variants[i].weight = json_number_value(value);
        }
        if (!is_known || !json_is_number(value) || !(json_number_value(value) > 0))
            return fault_set(fault, ERR_INVALID, "/weights",
                             "\"%s\": a variant and a number above 0 are expected", name);
    }
    double sum = 0;
    for (size_t i = 0; i < m->variant_count; i++) {
        const struct mapping_variant *v = &m->variants[i];
        if (v->is_first && v->weight == 0)
            return fault_set(fault, ERR_INVALID, "/weights", "the weight of \"%s\" is missing",
                             v->text);
        sum += v->is_first ? v->weight : 0;
    }
    if (fabs(sum - 1) > 1e-6)
        return fault_set(fault, ERR_INVALID, "/weights", "the weights add up to %g, not 1", sum);
    return ERR_OK;
}

enum err mapping_complete(struct mapping *m, struct fault *ret_fault)
{
    size_t count = 0;
    for (size_t i = 0; i < m->variant_count; i++)
        count += m->variants[i].is_first = stands_first(m, i);
    if (count < 2)
        return fault_set(ret_fault, ERR_INVALID, "/variant",
                         "an experiment has at least two variants, here %zu", count);
    enum err e = find_control(m, ret_fault);
    if (e)
        return e;
    for (size_t i = 0; i < m->variant_count; i++)
        m->variants[i].weight = m->weights || !m->variants[i].is_first ? 0 : 1.0 / (double)count;
    return m->weights ? read_weights(m, ret_fault) : ERR_OK;
}
