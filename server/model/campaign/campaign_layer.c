// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_layer.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/admin/layer.h"
#include "model/campaign/campaign_kind.h"

#include <math.h>
#include <string.h>

enum err campaign_layer_check(const json_t *document, const json_t *context,
                              struct fault *ret_fault)
{
    const json_t *layer = json_object_get(document, "layer");
    if (json_is_null(layer))
        return ERR_OK;
    if (!campaign_rules[campaign_kind_of(document)].can_have_layer)
        return fault_set(ret_fault, ERR_INVALID, "/layer", "a holdout stands above all layers");
    const char *key = json_text_at(layer, "key");
    if (!json_object_get(json_object_get(context, "layers"), key))
        return fault_set(ret_fault, ERR_INVALID, "/layer/key", "there is no layer %s", key);
    return ERR_OK;
}

static int64_t buckets_of(const json_t *document)
{
    const json_t *layer = json_object_get(document, "layer");
    if (json_is_null(layer))
        return 0;
    return llround(json_number_value(json_object_get(layer, "share")) * LAYER_BUCKETS);
}

enum err campaign_layer_plan(struct change *change, const json_t *document, struct fault *ret_fault)
{
    int64_t held = json_integer_value(json_object_get(change->context, "held"));
    int64_t wanted = buckets_of(document) - held;
    if (wanted < 0)
        return fault_set(ret_fault, ERR_CONFLICT, "/layer/share",
                         "the share of a started campaign can grow only");
    if (wanted == 0)
        return ERR_OK;
    const char *key = json_text_at(json_object_get(document, "layer"), "key");
    int64_t room =
        json_integer_value(json_object_get(json_object_get(change->context, "layers"), key));
    if (wanted > room)
        return fault_set(ret_fault, ERR_CONFLICT, "/layer/share",
                         "layer %s has %.4g of its visitors free, %.4g are asked for", key,
                         (double)room / LAYER_BUCKETS, (double)wanted / LAYER_BUCKETS);
    json_t *more = json_pack("{s:s, s:I}", "key", key, "buckets", (json_int_t)wanted);
    must(json_object_set_new(change->plan, "layer", more) == 0);
    return ERR_OK;
}

bool campaign_layer_is_same(const json_t *before, const json_t *after)
{
    const char *was = json_text_at(json_object_get(before, "layer"), "key");
    const char *is = json_text_at(json_object_get(after, "layer"), "key");
    return was && is ? strcmp(was, is) == 0 : was == is;
}
