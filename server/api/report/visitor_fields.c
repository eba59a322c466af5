// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/visitor.h"

#include "api/route/decision.h"
#include "model/event/effect.h"

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

static const struct field exposure_fields[] = {
    ROW("campaign", FIELD_KEY, "its key"),
    ROW("name", FIELD_TEXT, "its name"),
    ROW("phase", FIELD_INT, "number of the phase"),
    ROW("variant", FIELD_KEY, "the first one met in the phase"),
    ROW("exposed_at", FIELD_TIME, "when"),
    ROW("is_crossover", FIELD_BOOL, "met another variant of the phase, too"),
    ROW("is_overflowing", FIELD_BOOL,
        "has more events than a person: no result counts the visitor"),
    ROW("experience", FIELD_TEXT, "of a campaign that has several; else empty"),
    ROW("dimensions", FIELD_ANY, "device, country, visitor_type: as they were then"),
    {0},
};
static const struct field exposure = {.kind = FIELD_OBJECT, .of = exposure_fields};

static const struct field exclusion_fields[] = {
    ROW("reason", FIELD_TEXT, "as it was told"),
    ROW("excluded_by", FIELD_TEXT, "who did it"),
    ROW("excluded_at", FIELD_TIME, "when"),
    {0},
};

const struct field visitor_exclude_fields[] = {
    {.name = "reason",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 500,
     .meaning = "why nothing of the visitor shall count, for those who ask later"},
    {0},
};

const struct field visitor_include_fields[] = {{0}};

const struct field visitor_exclusion_fields[] = {
    ROW("visitor_id", FIELD_ID, "as asked"),
    {.name = "exclusion",
     .kind = FIELD_OBJECT,
     .of = exclusion_fields,
     .meaning = "null: results count the visitor"},
    {0},
};

const struct field visitor_fields[] = {
    ROW("visitor_id", FIELD_ID, "as asked"),
    ROW("event_count", FIELD_INT, "of the days that are kept; 0: not seen"),
    ROW("first_seen_at", FIELD_TIME, "time of the first of them"),
    ROW("last_seen_at", FIELD_TIME, "time of the last"),
    {.name = "exclusion",
     .kind = FIELD_OBJECT,
     .of = exclusion_fields,
     .meaning = "somebody took the visitor out of results; null: nobody did"},
    ROW("is_exclusion_due", FIELD_BOOL, "results have still to follow that, or its end"),
    {.name = "exposures", .kind = FIELD_LIST, .of = &exposure, .meaning = "the last first"},
    {0},
};

const struct field visitor_event_fields[] = {
    ROW("event_id", FIELD_TEXT, "UUID"),
    ROW("name", FIELD_TEXT, "what happened"),
    ROW("ts", FIELD_TIME, "when"),
    ROW("received_at", FIELD_TIME, "when it came"),
    ROW("is_bot", FIELD_BOOL, "a program's: left out of results"),
    ROW("is_staff", FIELD_BOOL, "one's own people's: left out of results"),
    ROW("is_forced", FIELD_BOOL, "of a forced variant: left out of results"),
    ROW("properties", FIELD_ANY, "as they came"),
    {.name = "effect",
     .kind = FIELD_OBJECT,
     .of = effect_fields,
     .meaning = "what it did to results"},
    {0},
};
const struct field visitor_question_fields[] = {
    ROW("attributes", FIELD_ANY, "an object: what the site tells of the visitor when it asks"),
    {0},
};

const struct field visitor_explain_fields[] = {
    ROW("visitor_id", FIELD_ID, "as asked"),
    ROW("snapshot", FIELD_INT, "version of the configuration that was decided from"),
    {.name = "decisions",
     .kind = FIELD_LIST,
     .of = &decision_row,
     .meaning = "of campaigns that run, pause or stopped lately, as they are asked"},
    {0},
};
