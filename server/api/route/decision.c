// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/decision.h"

#include "base/json/json.h"

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

static const struct field step_fields[] = {
    ROW("step", FIELD_TEXT, "running, schedule, forced, holdout, layer, audience, bucket, panic"),
    ROW("passed", FIELD_BOOL, "false: it ended here"),
    ROW("bucket", FIELD_INT, "of step bucket: 0 to 9999"),
    ROW("coverage", FIELD_NUMBER, "of step bucket: share of visitors that take part"),
    {0},
};
static const struct field step_row = {.kind = FIELD_OBJECT, .of = step_fields};

static const struct field decision_fields[] = {
    ROW("campaign", FIELD_TEXT, "its key, as asked where there is none of it"),
    ROW("phase", FIELD_INT, "number of the phase"),
    ROW("variant", FIELD_KEY, "what it gets; null: nothing"),
    ROW("is_control", FIELD_BOOL, "it is the control; only with a variant"),
    ROW("triggers", FIELD_ANY,
        "where and when it begins on a web page; only where it is said. Members that are null, "
        "false or an empty list are left out, in changes too"),
    ROW("flags", FIELD_ANY, "what the variant sets; only with a variant"),
    ROW("changes", FIELD_ANY, "what the variant changes on web pages; only where there are any"),
    ROW("reason", FIELD_TEXT, "the step that decided"),
    {.name = "trace", .kind = FIELD_LIST, .of = &step_row, .meaning = "the steps in their order"},
    {0},
};
const struct field decision_row = {.kind = FIELD_OBJECT, .of = decision_fields};

static void add_slice(struct buf *b, struct buf_slice slice)
{
    buf_add(b, slice.text, slice.length);
}

static void add_step(struct buf *b, const struct decision *d, const struct decide_step *step)
{
    json_add_comma(b);
    buf_printf(b, "{\"step\":\"%s\",", step->name);
    if (step->has_bucket) {
        buf_printf(b, "\"bucket\":%d,\"coverage\":", d->bucket);
        json_add_number(b, d->campaign->coverage);
        buf_add_char(b, ',');
    }
    buf_printf(b, "\"passed\":%s}", step->has_passed ? "true" : "false");
}

static void add_trace(struct buf *b, const struct decision *d)
{
    struct decide_step steps[DECIDE_STEPS];
    size_t count = decide_trace(d, steps);
    buf_add_str(b, ",\"trace\":[");
    for (size_t i = 0; i < count; i++)
        add_step(b, d, &steps[i]);
    buf_add_char(b, ']');
}

static void write_begin(void *arg, const struct decide_run *run)
{
    struct decision_json *j = arg;
    j->run = run;
    buf_add_str(j->out, "{\"visitor_id\":");
    json_add_string(j->out, run->question.visitor_id);
    add_slice(j->out, run->snapshot->rendered);
    j->begin = j->out->length;
}

/* Each of a list comes with a comma in front: that of the first gives way to the bracket. */
static void end_list(struct decision_json *j, const char brackets[2])
{
    if (j->out->length == j->begin)
        buf_add_char(j->out, brackets[0]);
    else
        j->out->data[j->begin] = brackets[0];
    buf_add_char(j->out, brackets[1]);
}

/* Rare: its many registers are not the business of who decides two hundred campaigns. */
static __attribute__((noinline)) void write_in_parts(struct decision_json *j,
                                                     const struct decision *d)
{
    struct buf *b = j->out;
    if (d->variant >= 0) {
        add_slice(b, d->campaign->rendered);
        snapshot_text_add(b, &d->campaign->variants[d->variant].rendered, j->run->found);
        buf_add(b, ",\"reason\":\"", 11);
    } else {
        add_slice(b, d->campaign->unserved);
    }
    buf_add_str(b, reason_name(d->reason));
    buf_add_char(b, '"');
    if (j->is_explained)
        add_trace(b, d);
    buf_add_char(b, '}');
}

/* ,{"campaign":…,"phase":…,"variant":…,"reason":…} */
static void write_campaign(void *arg, const struct decision *d)
{
    struct decision_json *j = arg;
    if (d->reason == REASON_BUCKET && !j->is_explained)
        snapshot_text_add(j->out, &d->campaign->variants[d->variant].served, j->run->found);
    else
        write_in_parts(j, d);
}

static void write_unknown(void *arg, const char *campaign_key)
{
    struct decision_json *j = arg;
    buf_add_str(j->out, ",{\"campaign\":");
    json_add_string(j->out, campaign_key);
    buf_add_str(j->out, ",\"phase\":null,\"variant\":null,\"reason\":\"unknown_campaign\"}");
}

static void write_flags(struct decision_json *j)
{
    const struct decide_run *run = j->run;
    buf_add_str(j->out, ",\"flags\":");
    j->begin = j->out->length;
    for (size_t i = 0; i < run->snapshot->flag_count; i++)
        snapshot_text_add(j->out, decide_run_flag(run, i), run->found);
    end_list(j, "{}");
}

static void add_unavailable(struct decision_json *j)
{
    if (!j->run->unavailable)
        return;
    buf_add_str(j->out, ",\"unavailable\":");
    json_add_string(j->out, j->run->unavailable);
}

static void write_end(void *arg)
{
    struct decision_json *j = arg;
    end_list(j, "[]");
    write_flags(j);
    if (j->is_for_page)
        add_slice(j->out, j->run->snapshot->page);
    add_unavailable(j);
    buf_add_str(j->out, "}\n");
}

static void write_end_of_decisions(void *arg)
{
    struct decision_json *j = arg;
    end_list(j, "[]");
    add_unavailable(j);
    buf_add_str(j->out, "}\n");
}

const struct decide_writer decision_json_writer = {
    .begin = write_begin,
    .campaign = write_campaign,
    .unknown = write_unknown,
    .end = write_end,
};

const struct decide_writer decision_json_writer_of_decisions = {
    .begin = write_begin,
    .campaign = write_campaign,
    .unknown = write_unknown,
    .end = write_end_of_decisions,
};
