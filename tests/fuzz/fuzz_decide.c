// SPDX-License-Identifier: GPL-3.0-or-later
/* Input as of /v1/decide: {"visitor_id":…,"attributes":{…}}. */
#include "base/json.h"
#include "base/mem.h"
#include "engine/decide.h"
#include "fuzz_snapshot.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct decision *d)
{
    must(d->variant >= -1 && d->variant < (int)d->campaign->variant_count);
    must(d->bucket >= -1 && d->bucket < (int)BUCKETS);
    must((d->variant >= 0) == (d->reason == REASON_BUCKET || d->reason == REASON_FORCED));
    must((d->bucket >= 0) == (d->reason == REASON_BUCKET || d->reason == REASON_COVERAGE));
}

static void decide_all(const char *visitor_id, const json_t *attributes)
{
    const struct snapshot_environment *e = &fuzz_snapshot()->environments[0];
    auto_arena struct arena *arena = arena_new(0);
    struct decide d, again;
    decide_init(&d, arena, e, visitor_id, attributes, 0);
    decide_init(&again, arena, e, visitor_id, attributes, 0);
    for (size_t i = 0; i < e->campaign_count; i++) {
        size_t last = e->campaign_count - 1 - i;
        struct decision found = decide_campaign(&d, &e->campaigns[i]);
        check(&found);
        (void)decide_campaign(&again, &e->campaigns[last]);
        /* Nothing depends on what was decided before. */
        struct decision same = decide_campaign(&again, &e->campaigns[i]);
        must(found.variant == same.variant && found.reason == same.reason);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct json_limits limits = {65536, 16, 4096};
    auto_free char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    bool is_repaired;
    struct fault fault = {0};
    auto_json json_t *body = json_parse(text, size, &limits, &is_repaired, &fault);
    if (!body) {
        must(fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
        return 0;
    }
    const char *visitor_id = json_string_value(json_object_get(body, "visitor_id"));
    const json_t *attributes = json_object_get(body, "attributes");
    auto_json json_t *none = json_object();
    if (visitor_id && text_is_id(visitor_id, strlen(visitor_id)))
        decide_all(visitor_id, json_is_object(attributes) ? attributes : none);
    return 0;
}
