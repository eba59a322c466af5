// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/audience/audience_private.h"

#include "base/json/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define NAMES  100  /* attributes told of */
#define VALUES 20   /* most frequent ones of each */
#define KINDS  2000 /* different values counted, of as many attributes */

/* Attributes and their values are counted in jansson objects: name -> {type, weight, values},
 * values by their text -> {value, weight}. */
static void grow(json_t *entry, double weight)
{
    json_t *sum = json_object_get(entry, "weight");
    must(json_real_set(sum, json_real_value(sum) + weight) == 0);
}

static json_t *entry_of(json_t *map, const char *key, const char *member, json_t *value)
{
    json_t *entry = json_object_get(map, key);
    if (!entry) {
        entry = json_pack("{s:f, s:O}", "weight", 0.0, member, value);
        must(entry && json_object_set_new(map, key, entry) == 0);
    }
    return entry;
}

static void count_value(json_t *map, const char *name, json_t *value, double weight)
{
    if (json_object_size(map) >= KINDS && !json_object_get(map, name))
        return;
    auto_json json_t *type = json_string(json_is_number(value) ? "number" : json_kind_name(value));
    auto_buf struct buf text = {0};
    json_t *attribute = entry_of(map, name, "type", type);
    json_t *values = json_object_get(attribute, "values");
    if (!values) {
        values = json_object();
        must(json_object_set_new(attribute, "values", values) == 0);
    }
    grow(attribute, weight);
    json_add_value(&text, value);
    if (json_object_size(values) < KINDS || json_object_get(values, text.data))
        grow(entry_of(values, text.data, "value", value), weight);
}

static int heavier(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    double one = json_real_value(json_object_get(left, "weight"));
    double other = json_real_value(json_object_get(right, "weight"));
    return (one < other) - (one > other);
}

/* The entries of a map, heaviest first, each told its key; borrowed. */
static json_t **sorted(json_t *map, size_t *ret_count)
{
    json_t **list = mem_alloc((json_object_size(map) + 1) * sizeof(json_t *)), *entry;
    const char *key;
    size_t count = 0;
    json_object_foreach(map, key, entry) {
        must(json_object_set_new(entry, "key", json_string(key)) == 0);
        list[count++] = entry;
    }
    qsort(list, count, sizeof(json_t *), heavier);
    *ret_count = count;
    return list;
}

static void add_share(struct buf *out, const json_t *entry, double of)
{
    json_add_key(out, "share");
    json_add_number(out, json_real_value(json_object_get(entry, "weight")) / of);
}

static void add_values(const json_t *attribute, double visitors, struct buf *out)
{
    size_t count;
    auto_free json_t **list = sorted(json_object_get(attribute, "values"), &count);
    json_add_key(out, "values");
    buf_add_char(out, '[');
    for (size_t i = 0; i < count && i < VALUES; i++) {
        json_add_comma(out);
        buf_add_char(out, '{');
        json_add_key(out, "value");
        json_add_value(out, json_object_get(list[i], "value"));
        add_share(out, list[i], visitors);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_attribute(const json_t *attribute, double visitors, struct buf *out)
{
    json_add_comma(out);
    buf_add_char(out, '{');
    json_add_key(out, "name");
    json_add_value(out, json_object_get(attribute, "key"));
    json_add_key(out, "type");
    json_add_value(out, json_object_get(attribute, "type"));
    add_share(out, attribute, visitors);
    add_values(attribute, visitors, out);
    buf_add_char(out, '}');
}

void audience_write_attributes(const struct audience_sample *sample, struct buf *out)
{
    auto_json json_t *map = json_object();
    const char *name;
    json_t *value;
    size_t count;
    for (size_t i = 0; i < sample->count; i++)
        json_object_foreach(sample->rows[i].attributes, name, value)
            count_value(map, name, value, sample->rows[i].weight);
    auto_free json_t **list = sorted(map, &count);
    buf_printf(out, "{\"visitors\":%.0f,\"sampled\":%zu,\"days\":%d,\"attributes\":[",
               sample->visitors, sample->count, AUDIENCE_DAYS);
    for (size_t i = 0; i < count && i < NAMES; i++)
        add_attribute(list[i], sample->visitors, out);
    buf_add_str(out, "]}");
}
