// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/plan.h"

#include "plan/plan.h"

#define NUMBER(name_, min_, max_, meaning_)                                                        \
    {                                                                                              \
        .name = name_, .kind = FIELD_NUMBER, .min = min_, .max = max_, .meaning = meaning_         \
    }
#define INT(name_, min_, max_, meaning_)                                                           \
    {                                                                                              \
        .name = name_, .kind = FIELD_INT, .min = min_, .max = max_, .meaning = meaning_            \
    }
#define TEXT(name_, meaning_)                                                                      \
    {                                                                                              \
        .name = name_, .kind = FIELD_TEXT, .meaning = meaning_                                     \
    }

const struct field plan_fields[] = {
    {.name = "metric",
     .kind = FIELD_KEY,
     .meaning =
         "by which the visitors of the last 28 days are measured: gives rate or mean and sd"},
    NUMBER("rate", 0, 1, "the control's conversion rate, instead of a measured one"),
    NUMBER("mean", -1e15, 1e15, "or its mean"),
    NUMBER("sd", 0, 1e15, "standard deviation around the mean"),
    NUMBER("uplift", -1, 1e6, "to be seen, 0.1 for 10 % more"),
    NUMBER("difference", -1e15, 1e15, "to be seen, in the metric's own units"),
    INT("visitors", 1, 1e12, "that there will be, in all variants"),
    INT("days", 1, 3650, "that it can run"),
    NUMBER("daily", 0.001, 1e10, "visitors a day, instead of measured ones"),
    {.name = "coverage",
     .kind = FIELD_NUMBER,
     .min = 0.000001,
     .max = 1,
     .initial = "1",
     .meaning = "share of the visitors who take part"},
    {.name = "variants",
     .kind = FIELD_INT,
     .min = 2,
     .max = 32,
     .initial = "2",
     .meaning = "with the control; they share visitors equally"},
    {.name = "confidence",
     .kind = FIELD_NUMBER,
     .min = 0.5,
     .max = 0.9999,
     .initial = "0.95",
     .meaning = "of the test"},
    {.name = "power",
     .kind = FIELD_NUMBER,
     .min = 0.5,
     .max = 0.999,
     .initial = "0.8",
     .meaning = "chance to see the effect when it is there"},
    {.name = "sides",
     .kind = FIELD_INT,
     .min = 1,
     .max = 2,
     .initial = "2",
     .meaning = "of the test"},
    {.name = "test",
     .kind = FIELD_WORD,
     .words = plan_tests,
     .initial = "\"fixed\"",
     .meaning = "fixed: looked at once, at the end; the others may be looked at before"},
    {.name = "looks",
     .kind = FIELD_INT,
     .min = 2,
     .max = 20,
     .initial = "5",
     .meaning = "of a group-sequential test"},
    {0},
};

static const struct field measured_fields[] = {
    NUMBER("visitors", 0, 0, "of the last 28 days, without imported, simulated ones and bots"),
    NUMBER("sampled", 0, 0,
           "of them that were looked at, chosen by a hash: the same whenever it is asked"),
    NUMBER("days", 0, 0, "since the first of them, at most 28"),
    NUMBER("daily", 0, 0, "different visitors over these days, by the day"),
    TEXT("metric", "by which they were measured"),
    TEXT("kind", "of the metric"),
    NUMBER("rate", 0, 0, "conversions: of all visitors; null: nothing to say"),
    NUMBER("mean", 0, 0, "others; repeated orders and refunds are not taken out"),
    NUMBER("sd", 0, 0, "around the mean"),
    NUMBER("lower", 0, 0, "end of the 95 % interval of the rate or the mean; null: unknown"),
    NUMBER("upper", 0, 0, "the other end"),
    {0},
};

static const struct field point_fields[] = {
    NUMBER("visitors", 0, 0, "in all variants"),
    NUMBER("power", 0, 0, "with so many"),
    {0},
};
static const struct field point = {.kind = FIELD_OBJECT, .of = point_fields};

static const struct field effect_fields[] = {
    INT("weeks", 0, 0, "of the traffic there is"),
    NUMBER("difference", 0, 0, "the smallest that is seen then"),
    NUMBER("uplift", 0, 0, "the same, relative"),
    {0},
};
static const struct field effect = {.kind = FIELD_OBJECT, .of = effect_fields};

static const struct field stop_fields[] = {
    NUMBER("times", 0, 0, "the true effect over the planned one"),
    NUMBER("difference", 0, 0, "the true effect"),
    NUMBER("uplift", 0, 0, "the same, relative"),
    INT("visitors", 0, 0, "in all variants until the test calls it, on average at most"),
    INT("days", 0, 0, "until they came; null: nobody knows how many come"),
    {0},
};
static const struct field stop = {.kind = FIELD_OBJECT, .of = stop_fields};

static const struct field found_fields[] = {
    TEXT("metric", "rate or mean"),
    NUMBER("baseline", 0, 0, "of the control"),
    NUMBER("sd", 0, 0, "around a mean"),
    NUMBER("difference", 0, 0, "that is seen"),
    NUMBER("uplift", 0, 0, "the same, relative"),
    TEXT("test", "as asked for"),
    INT("looks", 0, 0, "of a group-sequential test"),
    INT("sides", 0, 0, "of the test"),
    NUMBER("confidence", 0, 0, "over all comparisons"),
    NUMBER("alpha_per_comparison", 0, 0, "error of each"),
    NUMBER("inflation", 0, 0, "visitors over those of a fixed test"),
    INT("variants", 0, 0, "with the control"),
    INT("visitors_per_variant", 0, 0, "needed, or there"),
    INT("visitors", 0, 0, "in all variants"),
    NUMBER("power", 0, 0, "with them"),
    INT("days", 0, 0, "until they came; null: nobody knows how many come"),
    INT("weeks", 0, 0, "the same in whole weeks, so that each weekday counts alike"),
    {.name = "curve", .kind = FIELD_LIST, .of = &point, .meaning = "up to twice the visitors"},
    {.name = "effects",
     .kind = FIELD_LIST,
     .of = &effect,
     .meaning = "by weeks; empty: nobody knows how many visitors come"},
    {.name = "stops",
     .kind = FIELD_LIST,
     .of = &stop,
     .meaning = "how soon an always-valid test ends, by the true effect; empty of other tests"},
    {0},
};

const struct field plan_reply_fields[] = {
    {.name = "measured",
     .kind = FIELD_OBJECT,
     .of = measured_fields,
     .meaning = "what was looked up; null: everything was said"},
    {.name = "plan",
     .kind = FIELD_OBJECT,
     .of = found_fields,
     .meaning = "null: neither an effect nor visitors or days were said, or no baseline is known"},
    {0},
};
