// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_phase.h"

#include "base/mem.h"
#include "model/campaign/campaign_statistics.h"

static json_t *phase_variant(const json_t *variant)
{
    static const char *const served[] = {"key", "weight", "is_control", "flags", "changes"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++)
        must(json_object_set(out, served[i], json_object_get(variant, served[i])) == 0);
    return out;
}

json_t *campaign_phase_document(const json_t *document)
{
    const json_t *variants = json_object_get(document, "variants");
    json_t *served = json_array();
    for (size_t i = 0; i < json_array_size(variants); i++)
        must(json_array_append_new(served, phase_variant(json_array_get(variants, i))) == 0);
    json_t *out = json_pack("{s:O, s:O, s:o}", "audience", json_object_get(document, "audience"),
                            "triggers", json_object_get(document, "triggers"), "variants", served);
    must(out);
    return out;
}

json_t *campaign_phase_open(const json_t *document, const char *seed)
{
    json_t *frozen = campaign_phase_document(document);
    must(json_object_set_new(frozen, "statistics", campaign_statistics_fix(document)) == 0);
    json_t *phase = json_pack("{s:s, s:o}", "seed", seed, "document", frozen);
    must(phase);
    return phase;
}

void campaign_phase_plan(struct change *change, const json_t *document)
{
    json_t *phase = campaign_phase_open(document, change->random);
    must(json_object_set_new(change->plan, "phase", phase) == 0);
}
