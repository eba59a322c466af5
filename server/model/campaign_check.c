// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign.h"

#include "base/clock.h"
#include "base/mem.h"
#include "model/campaign_statistics.h"
#include "model/flag.h"
#include "model/layer.h"
#include "model/trigger.h"
#include "model/web_change.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WEIGHT_TOLERANCE 1e-9

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static enum err refuse_item(struct fault *fault, const char *list, size_t index, const char *field,
                            const char *why, const char *name)
{
    char pointer[sizeof(fault->pointer)];
    snprintf(pointer, sizeof(pointer), "/%s/%zu/%s", list, index, field);
    return fault_set(fault, ERR_INVALID, pointer, "%s %s", why, name);
}

/* The index of an item with this key before 'end', or 'end'. */
static size_t index_of(const json_t *list, const char *key, size_t end)
{
    for (size_t i = 0; i < end; i++)
        if (strcmp(text_at(json_array_get(list, i), "key"), key) == 0)
            return i;
    return end;
}

static enum err check_unique(const json_t *document, const char *list, struct fault *fault)
{
    const json_t *items = json_object_get(document, list);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *key = text_at(json_array_get(items, i), "key");
        if (index_of(items, key, i) < i)
            return refuse_item(fault, list, i, "key", "two of them are called", key);
    }
    return ERR_OK;
}

static enum err check_flags(const json_t *variant, const json_t *known, struct fault *fault)
{
    json_t *flags = json_object_get(variant, "flags");
    const char *key;
    json_t *value;
    json_object_foreach(flags, key, value)
    {
        const char *type = text_at(known, key);
        enum err e = type ? flag_check_value(type, value, fault)
                          : fault_set(fault, ERR_INVALID, "", "there is no flag %s", key);
        if (!e)
            continue;
        char pointer[sizeof(fault->pointer)] = "/flags";
        pointer_push(pointer, sizeof(pointer), key);
        fault_prefix(fault, pointer);
        return e;
    }
    return ERR_OK;
}

static enum err check_all_flags(const json_t *variants, const json_t *known, struct fault *fault)
{
    for (size_t i = 0; i < json_array_size(variants); i++) {
        enum err e = check_flags(json_array_get(variants, i), known, fault);
        if (!e)
            continue;
        char pointer[64] = "/variants";
        pointer_push_index(pointer, sizeof(pointer), i);
        fault_prefix(fault, pointer);
        return e;
    }
    return ERR_OK;
}

static enum err check_changes(const json_t *variants, bool allows_html, struct fault *fault)
{
    size_t i, j;
    json_t *row, *one;
    json_array_foreach(variants, i, row)
    {
        json_array_foreach(json_object_get(row, "changes"), j, one)
        {
            enum err e = web_change_check(one, allows_html, fault);
            if (!e)
                continue;
            char pointer[96];
            snprintf(pointer, sizeof(pointer), "/variants/%zu/changes/%zu", i, j);
            fault_prefix(fault, pointer);
            return e;
        }
    }
    return ERR_OK;
}

static enum err check_weights(const json_t *variants, struct fault *fault)
{
    double sum = 0;
    for (size_t i = 0; i < json_array_size(variants); i++)
        sum += json_number_value(json_object_get(json_array_get(variants, i), "weight"));
    if (fabs(sum - 1) <= WEIGHT_TOLERANCE)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/variants", "weights add up to %.10g, not to 1", sum);
}

static enum err check_control(const json_t *variants, bool is_rollout, struct fault *fault)
{
    size_t controls = 0;
    for (size_t i = 0; i < json_array_size(variants); i++) {
        const json_t *variant = json_array_get(variants, i);
        if (!json_is_true(json_object_get(variant, "is_control")))
            continue;
        if (++controls > 1)
            return refuse_item(fault, "variants", i, "is_control", "there is a control before",
                               text_at(variant, "key"));
    }
    if (controls == 1 || is_rollout)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/variants", "one variant must be the control");
}

static enum err check_variant_count(const char *kind, size_t count, struct fault *fault)
{
    if (strcmp(kind, "experiment") == 0 && count < 2)
        return fault_set(fault, ERR_INVALID, "/variants",
                         "an experiment has at least two variants");
    if (strcmp(kind, "holdout") == 0 && count != 2)
        return fault_set(fault, ERR_INVALID, "/variants",
                         "a holdout has two variants: the control is kept out");
    return ERR_OK;
}

/* None at all is incomplete; some must be right. */
static enum err check_variants(const json_t *document, const json_t *context, struct fault *fault)
{
    const json_t *variants = json_object_get(document, "variants");
    const char *kind = text_at(document, "kind");
    size_t count = json_array_size(variants);
    if (count == 0)
        return ERR_OK;
    enum err e = check_variant_count(kind, count, fault);
    if (!e)
        e = check_unique(document, "variants", fault);
    if (!e)
        e = check_weights(variants, fault);
    if (!e)
        e = check_control(variants, strcmp(kind, "rollout") == 0, fault);
    if (!e)
        e = check_all_flags(variants, json_object_get(context, "flags"), fault);
    bool allows_html = json_is_true(json_object_get(context, "allows_html"));
    return e ? e : check_changes(variants, allows_html, fault);
}

static enum err check_forced(const json_t *document, struct fault *fault)
{
    const json_t *variants = json_object_get(document, "variants");
    json_t *forced = json_object_get(document, "forced");
    size_t count = json_array_size(variants);
    const char *visitor;
    json_t *variant;
    json_object_foreach(forced, visitor, variant)
    {
        if (index_of(variants, json_string_value(variant), count) < count)
            continue;
        char pointer[sizeof(fault->pointer)] = "/forced";
        pointer_push(pointer, sizeof(pointer), visitor);
        return fault_set(fault, ERR_INVALID, pointer, "there is no variant %s",
                         json_string_value(variant));
    }
    return ERR_OK;
}

enum err campaign_check_metrics(const json_t *document, const json_t *context,
                                struct fault *ret_fault)
{
    const json_t *metrics = json_object_get(document, "metrics");
    const json_t *known = json_object_get(context, "metrics");
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const char *key = text_at(json_array_get(metrics, i), "key");
        if (!json_object_get(known, key))
            return refuse_item(ret_fault, "metrics", i, "key", "there is no metric", key);
    }
    return check_unique(document, "metrics", ret_fault);
}

static enum err check_layer(const json_t *document, const json_t *context, struct fault *fault)
{
    const json_t *layer = json_object_get(document, "layer");
    if (json_is_null(layer))
        return ERR_OK;
    if (strcmp(text_at(document, "kind"), "holdout") == 0)
        return fault_set(fault, ERR_INVALID, "/layer", "a holdout stands above all layers");
    const char *key = text_at(layer, "key");
    if (!json_object_get(json_object_get(context, "layers"), key))
        return fault_set(fault, ERR_INVALID, "/layer/key", "there is no layer %s", key);
    return ERR_OK;
}

static enum err check_triggers(const json_t *document, struct fault *fault)
{
    const json_t *triggers = json_object_get(document, "triggers");
    enum err e = json_is_object(triggers) ? trigger_check(triggers, fault) : ERR_OK;
    if (e)
        fault_prefix(fault, "/triggers");
    return e;
}

static enum err check_schedule(const json_t *document, struct fault *fault)
{
    const json_t *schedule = json_object_get(document, "schedule");
    const char *start = text_at(schedule, "start");
    const char *end = text_at(schedule, "end");
    int64_t start_us;
    int64_t end_us;
    if (!start || !end)
        return ERR_OK;
    must(clock_parse(start, strlen(start), &start_us) && clock_parse(end, strlen(end), &end_us));
    return end_us > start_us
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "/schedule/end", "must be after the start");
}

enum err campaign_check(const json_t *document, const json_t *context, struct fault *ret_fault)
{
    enum err e = check_variants(document, context, ret_fault);
    if (!e)
        e = check_forced(document, ret_fault);
    if (!e)
        e = campaign_check_metrics(document, context, ret_fault);
    if (!e)
        e = check_layer(document, context, ret_fault);
    if (!e)
        e = check_triggers(document, ret_fault);
    return e ? e : check_schedule(document, ret_fault);
}

enum err campaign_check_ready(const json_t *document, struct fault *ret_fault)
{
    bool is_rollout = strcmp(text_at(document, "kind"), "rollout") == 0;
    if (json_array_size(json_object_get(document, "variants")) == 0)
        return fault_set(ret_fault, ERR_CONFLICT, "/variants",
                         is_rollout ? "it takes a variant to run" : "it takes two variants to run");
    if (strcmp(text_at(document, "kind"), "experiment") == 0 &&
        json_array_size(json_object_get(document, "metrics")) == 0)
        return fault_set(ret_fault, ERR_CONFLICT, "/metrics",
                         "an experiment needs a metric to be measured by");
    return campaign_statistics_check_ready(document, ret_fault);
}
