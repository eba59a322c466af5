// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_phase.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/campaign/campaign_statistics.h"

#include <math.h>
#include <string.h>

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

/* The seed of the newest phase, or the fresh one. */
static const char *seed_of(const struct change *change)
{
    const json_t *phases = json_object_get(change->before, "phases");
    size_t count = json_array_size(phases);
    const char *last = count ? json_text_at(json_array_get(phases, count - 1), "seed") : NULL;
    return change->keeps_seed && last ? last : change->random;
}

void campaign_phase_plan(struct change *change, const json_t *document)
{
    json_t *phase = campaign_phase_open(document, seed_of(change));
    must(json_object_set_new(change->plan, "phase", phase) == 0);
}

/* What a variant has of the buckets, as model/bucket.h shares them out. */
struct range {
    const char *key;
    double from, to;
};

/* False: there is no such variant. */
static bool range_at(const json_t *document, size_t index, double *begin, struct range *ret)
{
    const json_t *variant = json_array_get(json_object_get(document, "variants"), index);
    double weight = json_number_value(json_object_get(variant, "weight"));
    double coverage = json_number_value(json_object_get(document, "coverage"));
    if (!variant)
        return false;
    *ret = (struct range){json_text_at(variant, "key"), *begin, *begin + weight * coverage};
    *begin += weight;
    return true;
}

static double width(struct range range)
{
    return range.to > range.from ? range.to - range.from : 0;
}

/* Of the visitors that 'was' has, those that a variant of its key has in the other document. */
static double stay_of(struct range was, const json_t *document, bool keeps_seed)
{
    struct range is;
    double begin = 0;
    for (size_t i = 0; range_at(document, i, &begin, &is); i++)
        if (strcmp(is.key, was.key) == 0)
            return keeps_seed ? width((struct range){was.key, fmax(was.from, is.from),
                                                     fmin(was.to, is.to)})
                              : width(was) * width(is);
    return 0;
}

double campaign_phase_moved(const json_t *before, const json_t *after, bool keeps_seed)
{
    struct range was;
    double begin = 0, all = 0, stay = 0;
    for (size_t i = 0; range_at(before, i, &begin, &was); i++) {
        all += width(was);
        stay += stay_of(was, after, keeps_seed);
    }
    double moved = all > 0 ? 1 - stay / all : 0;
    return moved < 1e-9 ? 0 : moved;
}
