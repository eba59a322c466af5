// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/audit.h"

const struct field audit_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when"},
    {.name = "actor",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "who: key:<id>, user:<id>, system, unknown or several"},
    {.name = "action",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "what, as campaign.start; refusals end in .refuse, what was looked at in .read"},
    {.name = "resource",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "the key of what was changed, or what was asked for"},
    {.name = "before",
     .kind = FIELD_ANY,
     .marks = FIELD_READ_ONLY,
     .meaning = "as it was; null: it was not there"},
    {.name = "after",
     .kind = FIELD_ANY,
     .marks = FIELD_READ_ONLY,
     .meaning = "as it is; null: it is gone; of refusals and readings, how often and from where"},
    {0},
};

const struct field rejected_event_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_READ_ONLY, .meaning = "its number"},
    {.name = "received_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY, .meaning = "when"},
    {.name = "reason", .kind = FIELD_TEXT, .marks = FIELD_READ_ONLY, .meaning = "why"},
    {.name = "event",
     .kind = FIELD_TEXT,
     .marks = FIELD_READ_ONLY,
     .meaning = "its JSON text as it came"},
    {0},
};
