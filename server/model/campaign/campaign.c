// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign.h"

#include "model/campaign/campaign_statistics.h"
#include "model/campaign/trigger.h"
#include "model/campaign/web_change.h"
#include "model/collision/collision.h"
#include "model/condition/condition.h"
#include "model/kept.h"

static const char *const roles[] = {"primary", "secondary", "guardrail", NULL};

static enum err check_audience(const json_t *value, struct fault *fault)
{
    auto_arena struct arena *arena = arena_new(0);
    return condition_compile(arena, value, CONDITION_STRICT, fault) ? ERR_OK : fault->code;
}

static const struct field flag_entry[] = {
    {.kind = FIELD_KEY, .meaning = "key of a flag"},
    {.kind = FIELD_ANY, .meaning = "a value of the flag's type"},
};

static const struct field variant_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED,
     .meaning = "name in decisions and results"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "weight",
     .kind = FIELD_NUMBER,
     .marks = FIELD_REQUIRED,
     .max = 1,
     .meaning = "share of the campaign's visitors; all of them add up to 1"},
    {.name = "is_control",
     .kind = FIELD_BOOL,
     .initial = "false",
     .meaning = "what the others are compared with"},
    {.name = "flags",
     .kind = FIELD_MAP,
     .max = 200,
     .of = flag_entry,
     .initial = "{}",
     .meaning = "values it sets"},
    {.name = "changes",
     .kind = FIELD_LIST,
     .max = 200,
     .of = &web_change_field,
     .initial = "[]",
     .meaning = "what the browser SDK does to the page, in this order"},
    {0},
};
static const struct field variant = {.kind = FIELD_OBJECT, .of = variant_fields};

static const struct field layer_member_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "of the layer"},
    {.name = "share",
     .kind = FIELD_NUMBER,
     .min = 0.0001,
     .max = 1,
     .initial = "1",
     .meaning = "of the layer's visitors"},
    {0},
};

static const struct field schedule_fields[] = {
    {.name = "start", .kind = FIELD_TIME, .meaning = "nobody is let in before"},
    {.name = "end", .kind = FIELD_TIME, .meaning = "nor from then on"},
    {0},
};

static const struct field forced_entry[] = {
    {.kind = FIELD_ID, .meaning = "a visitor"},
    {.kind = FIELD_KEY, .meaning = "key of a variant"},
};

static const struct field metric_member_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED, .meaning = "of the metric"},
    {.name = "role",
     .kind = FIELD_WORD,
     .words = roles,
     .initial = "\"secondary\"",
     .meaning = "what it decides"},
    {.name = "margin",
     .kind = FIELD_NUMBER,
     .min = 0.0001,
     .max = 0.9999,
     .initial = "0.02",
     .meaning = "of a guardrail: the relative loss that would still be accepted"},
    {0},
};
static const struct field metric_member = {.kind = FIELD_OBJECT, .of = metric_member_fields};

static const struct field dimension_key = {.kind = FIELD_KEY};

static const struct field phase_fields[] = {
    {.name = "number", .kind = FIELD_INT, .meaning = "from 1"},
    {.name = "seed", .kind = FIELD_TEXT, .meaning = "what visitors are hashed with"},
    {.name = "started_at", .kind = FIELD_TIME, .meaning = "when it opened"},
    {.name = "ended_at", .kind = FIELD_TIME, .meaning = "when it closed"},
    {.name = "audience", .kind = FIELD_ANY, .meaning = "as it was served"},
    {.name = "triggers",
     .kind = FIELD_OBJECT,
     .of = trigger_fields,
     .meaning = "as they were served"},
    {.name = "variants", .kind = FIELD_LIST, .of = &variant, .meaning = "as they were served"},
    {.name = "dimensions",
     .kind = FIELD_LIST,
     .of = &dimension_key,
     .meaning = "what its results can be broken down by; those of the campaign's start"},
    {0},
};
static const struct field phase = {.kind = FIELD_OBJECT, .of = phase_fields};

static const struct field label = {.kind = FIELD_TEXT, .min = 1, .max = 40};

const struct field campaign_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "name in decisions and events"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "description",
     .kind = FIELD_TEXT,
     .max = 10000,
     .initial = "\"\"",
     .meaning = "for people"},
    {.name = "hypothesis",
     .kind = FIELD_TEXT,
     .max = 10000,
     .initial = "\"\"",
     .meaning = "what is expected, and why"},
    {.name = "labels",
     .kind = FIELD_LIST,
     .max = 20,
     .of = &label,
     .initial = "[]",
     .meaning = "for people, to find it by"},
    {.name = "kind",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .words = campaign_kind_words,
     .meaning = "experiment: compares variants; rollout: hands them out; holdout: keeps visitors "
                "out of everything else"},
    {.name = "priority",
     .kind = FIELD_INT,
     .min = -1000,
     .max = 1000,
     .initial = "0",
     .meaning = "the highest sets a flag that several campaigns set"},
    {.name = "coverage",
     .kind = FIELD_NUMBER,
     .max = 1,
     .initial = "1",
     .meaning = "share of the audience that takes part; growing it moves nobody who is in"},
    {.name = "audience",
     .kind = FIELD_ANY,
     .check = check_audience,
     .meaning = "condition on attributes; null: everybody. $lt, $lte, $gt, $gte of two texts that "
                "are RFC 3339 times, or days, compare the moments"},
    {.name = "triggers",
     .kind = FIELD_OBJECT,
     .of = trigger_fields,
     .meaning = "where and when it begins on a web page; null: everywhere, at once"},
    {.name = "layer",
     .kind = FIELD_OBJECT,
     .of = layer_member_fields,
     .meaning = "campaigns of one layer never share a visitor"},
    {.name = "schedule",
     .kind = FIELD_OBJECT,
     .of = schedule_fields,
     .meaning = "when a running campaign serves"},
    {.name = "variants",
     .kind = FIELD_LIST,
     .max = 50,
     .of = &variant,
     .initial = "[]",
     .meaning = "its arms, in the order of their buckets"},
    {.name = "forced",
     .kind = FIELD_MAP,
     .max = 1000,
     .of = forced_entry,
     .initial = "{}",
     .meaning = "visitors who always get a variant, for trying it out; not in results"},
    {.name = "metrics",
     .kind = FIELD_LIST,
     .max = 50,
     .of = &metric_member,
     .initial = "[]",
     .meaning = "what it is measured by"},
    {.name = "confidence",
     .kind = FIELD_NUMBER,
     .min = 0.5,
     .max = 0.9999,
     .initial = "0.95",
     .meaning = "of intervals in its results"},
    {.name = "statistics",
     .kind = FIELD_OBJECT,
     .of = campaign_statistics_fields,
     .initial = campaign_statistics_initial,
     .meaning = "how it is judged; fixed when it starts"},
    {.name = "decision",
     .kind = FIELD_OBJECT,
     .of = campaign_decision_fields,
     .meaning = "what was concluded when it was stopped; null: nothing yet"},
    {.name = "status",
     .kind = FIELD_WORD,
     .marks = FIELD_READ_ONLY,
     .words = campaign_status_words,
     .meaning = "where it stands in its life"},
    {.name = "phase",
     .kind = FIELD_INT,
     .marks = FIELD_READ_ONLY,
     .meaning = "number of the newest phase; 0: never started"},
    {.name = "import",
     .kind = FIELD_INT,
     .marks = FIELD_READ_ONLY,
     .meaning = "number of the import that made it; null: none did"},
    {.name = "rollout",
     .kind = FIELD_KEY,
     .marks = FIELD_READ_ONLY,
     .meaning = "key of the rollout its winner was shipped as; null: it was not"},
    {.name = "origin",
     .kind = FIELD_KEY,
     .marks = FIELD_READ_ONLY,
     .meaning = "of a rollout: key of the experiment whose winner it is; null: of none"},
    {.name = "collisions",
     .kind = FIELD_LIST,
     .marks = FIELD_READ_ONLY,
     .of = &collision_field,
     .meaning = "in the reply to what starts it, or changes it while it runs: what of others that "
                "run it touches; elsewhere it is not there"},
    KEPT_FIELDS,
    {.name = "started_at",
     .kind = FIELD_TIME,
     .marks = FIELD_READ_ONLY,
     .meaning = "when first started"},
    {.name = "stopped_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when stopped"},
    {.name = "phases",
     .kind = FIELD_LIST,
     .marks = FIELD_READ_ONLY,
     .of = &phase,
     .meaning = "all of them; results are kept apart"},
    {0},
};
