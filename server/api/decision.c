// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/decision.h"

#include "base/json.h"

#include <string.h>

static void add_slice(struct buf *b, struct buf_slice slice)
{
    buf_add(b, slice.text, slice.length);
}

static void add_step(struct buf *b, const struct decision *d, const char *step, bool has_passed)
{
    json_add_comma(b);
    buf_printf(b, "{\"step\":\"%s\",", step);
    if (strcmp(step, "bucket") == 0) {
        buf_printf(b, "\"bucket\":%d,\"coverage\":", d->bucket);
        json_add_number(b, d->campaign->coverage);
        buf_add_char(b, ',');
    }
    buf_printf(b, "\"passed\":%s}", has_passed ? "true" : "false");
}

/* The steps in the order of decide_campaign, up to the one that decided. */
static void add_trace(struct buf *b, const struct decision *d)
{
    static const struct {
        enum reason no;
        const char *step;
    } steps[] = {{REASON_NOT_RUNNING, "running"}, {REASON_PANIC, "panic"},
                 {REASON_SCHEDULE, "schedule"},   {REASON_FORCED, "forced"},
                 {REASON_HOLDOUT, "holdout"},     {REASON_LAYER, "layer"},
                 {REASON_AUDIENCE, "audience"},   {REASON_COVERAGE, "bucket"}};
    buf_add_str(b, ",\"trace\":[");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        bool is_last = steps[i].no == d->reason;
        if (steps[i].no != REASON_PANIC && steps[i].no != REASON_FORCED)
            add_step(b, d, steps[i].step, !is_last);
        else if (is_last)
            add_step(b, d, steps[i].step, d->variant >= 0);
        if (is_last)
            break;
    }
    buf_add_char(b, ']');
}

void decision_write(struct buf *b, const struct decision *d, bool is_explained)
{
    if (d->reason == REASON_BUCKET && !is_explained) {
        add_slice(b, d->campaign->variants[d->variant].served);
        return;
    }
    add_slice(b, d->campaign->rendered);
    if (d->variant >= 0)
        add_slice(b, d->campaign->variants[d->variant].rendered);
    else
        buf_add(b, "\"variant\":null", 14);
    buf_add(b, ",\"reason\":\"", 11);
    buf_add_str(b, reason_name(d->reason));
    buf_add_char(b, '"');
    if (is_explained)
        add_trace(b, d);
    buf_add_char(b, '}');
}

/* Each of a list came with a comma in front: that of the first gives way to the bracket. */
void decision_end_list(struct buf *b, size_t begin, const char brackets[2])
{
    if (b->length == begin)
        buf_add_char(b, brackets[0]);
    else
        b->data[begin] = brackets[0];
    buf_add_char(b, brackets[1]);
}
