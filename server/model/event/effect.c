// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/effect.h"

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

static const struct field metric = {.kind = FIELD_KEY};

static const struct field campaign_fields[] = {
    ROW("campaign", FIELD_KEY, "its key"),
    ROW("phase", FIELD_INT, "number of the phase"),
    ROW("variant", FIELD_KEY, "where the visitor counts"),
    ROW("what", FIELD_TEXT,
        "counted; of exposures exposed, known (met before), crossover (another variant than the "
        "first); or why not: before_exposure, after_phase, overflow (more events than a person), "
        "duplicate_order, no_metric (none is made of such events), after_window, filtered, "
        "no_amount, no_rate (money in a currency without a rate)"),
    {.name = "metrics",
     .kind = FIELD_LIST,
     .of = &metric,
     .meaning = "keys of those this holds for; empty: of all"},
    {0},
};
static const struct field campaign = {.kind = FIELD_OBJECT, .of = campaign_fields};

const struct field effect_fields[] = {
    ROW("counts", FIELD_BOOL, "in some campaign; null: results have not read it yet"),
    ROW("why", FIELD_TEXT,
        "what keeps it from all campaigns: pending (not read yet), bot, staff, forced, excluded "
        "(somebody took its visitor out), unassigned (an exposure to a variant there never was), "
        "after_phase, not_exposed; null: nothing"),
    ROW("unrated", FIELD_TEXT,
        "currency of its money, when there is no rate of it for that day: it does not count until "
        "there is one; null: it needs none, or has one"),
    {.name = "campaigns",
     .kind = FIELD_LIST,
     .of = &campaign,
     .meaning = "that its visitor met, and what it was to them"},
    {0},
};
