// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign.h"

#include "base/json/json.h"
#include "model/campaign/campaign_layer.h"
#include "model/campaign/campaign_list.h"
#include "model/campaign/campaign_schedule.h"
#include "model/campaign/campaign_statistics.h"
#include "model/campaign/campaign_variant.h"
#include "model/campaign/trigger.h"

enum err campaign_check_metrics(const json_t *document, const json_t *context,
                                struct fault *ret_fault)
{
    const json_t *metrics = json_object_get(document, "metrics");
    const json_t *known = json_object_get(context, "metrics");
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const char *key = json_text_at(json_array_get(metrics, i), "key");
        if (!json_object_get(known, key))
            return campaign_list_refuse(ret_fault, "metrics", i, "key", "there is no metric %s",
                                        key);
    }
    return campaign_list_check(metrics, "metrics", ret_fault);
}

static enum err check_triggers(const json_t *document, struct fault *fault)
{
    const json_t *triggers = json_object_get(document, "triggers");
    enum err e = json_is_object(triggers) ? trigger_check(triggers, fault) : ERR_OK;
    if (e)
        fault_prefix(fault, "/triggers");
    return e;
}

enum err campaign_check(const json_t *document, const json_t *context, struct fault *ret_fault)
{
    enum err e = campaign_variant_check(document, context, ret_fault);
    if (!e)
        e = campaign_variant_check_forced(document, ret_fault);
    if (!e)
        e = campaign_check_metrics(document, context, ret_fault);
    if (!e)
        e = campaign_layer_check(document, context, ret_fault);
    if (!e)
        e = check_triggers(document, ret_fault);
    return e ? e : campaign_schedule_check(document, ret_fault);
}

enum err campaign_check_ready(const json_t *document, struct fault *ret_fault)
{
    const struct campaign_rules *rules = &campaign_rules[campaign_kind_of(document)];
    if (json_array_size(json_object_get(document, "variants")) == 0)
        return fault_set(ret_fault, ERR_CONFLICT, "/variants", "%s", rules->ready_rule);
    if (rules->needs_metric && json_array_size(json_object_get(document, "metrics")) == 0)
        return fault_set(ret_fault, ERR_CONFLICT, "/metrics",
                         "an experiment needs a metric to be measured by");
    return campaign_statistics_check_ready(document, ret_fault);
}
