// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_variant.h"

#include "base/json/json.h"
#include "model/admin/flag.h"
#include "model/campaign/campaign_list.h"
#include "model/campaign/web_change.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WEIGHT_TOLERANCE 1e-9

static enum err check_flags(const json_t *variant, const json_t *known, struct fault *fault)
{
    json_t *flags = json_object_get(variant, "flags");
    const char *key;
    json_t *value;
    json_object_foreach(flags, key, value) {
        const char *type = json_text_at(known, key);
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
        fault_prefix_index(fault, i);
        fault_prefix(fault, "/variants");
        return e;
    }
    return ERR_OK;
}

static enum err check_changes(const json_t *variants, bool allows_html, struct fault *fault)
{
    size_t i, j;
    json_t *row, *one;
    json_array_foreach(variants, i, row) {
        json_array_foreach(json_object_get(row, "changes"), j, one) {
            enum err e = web_change_check(one, allows_html, fault);
            if (!e)
                continue;
            fault_prefix_index(fault, j);
            fault_prefix(fault, "/changes");
            fault_prefix_index(fault, i);
            fault_prefix(fault, "/variants");
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

static enum err check_control(const json_t *variants, bool is_needed, struct fault *fault)
{
    size_t controls = 0;
    for (size_t i = 0; i < json_array_size(variants); i++) {
        const json_t *variant = json_array_get(variants, i);
        if (!json_is_true(json_object_get(variant, "is_control")))
            continue;
        if (++controls > 1)
            return campaign_list_refuse(fault, "variants", i, "is_control",
                                        "there is a control before %s",
                                        json_text_at(variant, "key"));
    }
    if (controls == 1 || !is_needed)
        return ERR_OK;
    return fault_set(fault, ERR_INVALID, "/variants", "one variant must be the control");
}

enum err campaign_variant_check_arms(enum campaign_kind kind, const json_t *variants,
                                     struct fault *ret_fault)
{
    const struct campaign_rules *rules = &campaign_rules[kind];
    size_t count = json_array_size(variants);
    if (count < rules->least_variants || count > rules->most_variants)
        return fault_set(ret_fault, ERR_INVALID, "/variants", "%s", rules->variants_rule);
    enum err e = campaign_list_check(variants, "variants", ret_fault);
    if (!e)
        e = check_weights(variants, ret_fault);
    return e ? e : check_control(variants, rules->needs_control, ret_fault);
}

enum err campaign_variant_check(const json_t *document, const json_t *context,
                                struct fault *ret_fault)
{
    const json_t *variants = json_object_get(document, "variants");
    if (json_array_size(variants) == 0)
        return ERR_OK;
    enum err e = campaign_variant_check_arms(campaign_kind_of(document), variants, ret_fault);
    if (!e)
        e = check_all_flags(variants, json_object_get(context, "flags"), ret_fault);
    bool allows_html = json_is_true(json_object_get(context, "allows_html"));
    return e ? e : check_changes(variants, allows_html, ret_fault);
}

enum err campaign_variant_check_forced(const json_t *document, struct fault *ret_fault)
{
    const json_t *variants = json_object_get(document, "variants");
    json_t *forced = json_object_get(document, "forced");
    size_t count = json_array_size(variants);
    const char *visitor;
    json_t *variant;
    json_object_foreach(forced, visitor, variant) {
        if (campaign_list_index(variants, json_string_value(variant), count) < count)
            continue;
        char pointer[sizeof(ret_fault->pointer)] = "/forced";
        pointer_push(pointer, sizeof(pointer), visitor);
        return fault_set(ret_fault, ERR_INVALID, pointer, "there is no variant %s",
                         json_string_value(variant));
    }
    return ERR_OK;
}
