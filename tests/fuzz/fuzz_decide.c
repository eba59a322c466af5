// SPDX-License-Identifier: GPL-3.0-or-later
/* Input as of /v1/decide: {"visitor_id":…,"attributes":{…}}. */
#include "unit/lib/fence.h"

#include "base/mem.h"
#include "decide/decide.h"
#include "decide/question.h"
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

static void decide_all(struct arena *arena, const struct snapshot *e, const struct question *q)
{
    struct decide d, again;
    decide_init(&d, arena, e, q->visitor_id, q->attributes, 0);
    decide_init(&again, arena, e, q->visitor_id, q->attributes, 0);
    decide_hash_all(&again, arena);
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
    const struct snapshot *e = fuzz_snapshot();
    char *text = fence_copy(data, size);
    auto_arena struct arena *arena = arena_new(0);
    struct question q;
    struct fault fault = {0};
    if (question_read(&q, arena, e, text, size, &fault) == ERR_OK)
        decide_all(arena, e, &q);
    else
        must(fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
    question_done(&q);
    return 0;
}
