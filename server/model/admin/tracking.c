// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/tracking.h"

#include <string.h>

static const char *const occasions[] = {"click", "submit", NULL};

/* Commerce and exposures have properties that a click does not know. */
static enum err check_name(const json_t *value, struct fault *fault)
{
    static const char *const kept[] = {"exposure", "page_view", "purchase", "refund", NULL};
    for (size_t i = 0; kept[i]; i++)
        if (strcmp(kept[i], json_string_value(value)) == 0)
            return fault_set(fault, ERR_INVALID, "", "%s cannot be counted by selector", kept[i]);
    return ERR_OK;
}

const struct field tracking_fields[] = {
    {.name = "on",
     .kind = FIELD_WORD,
     .words = occasions,
     .initial = "\"click\"",
     .meaning = "a click on the element or what it holds, or a form that is sent"},
    {.name = "selector",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 1000,
     .meaning = "CSS: which elements"},
    {.name = "name",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 64,
     .check = check_name,
     .meaning = "of the event"},
    {0},
};

const struct field tracking = {.kind = FIELD_OBJECT, .of = tracking_fields};
