// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/layer.h"

#include "base/mem.h"
#include "model/kept.h"

#include <string.h>

static const struct field campaign_key = {.kind = FIELD_KEY};

const struct field layer_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "name by which campaigns join it"},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "free",
     .kind = FIELD_NUMBER,
     .marks = FIELD_READ_ONLY,
     .max = 1,
     .meaning = "share of the visitors that no campaign has"},
    {.name = "campaigns",
     .kind = FIELD_LIST,
     .marks = FIELD_READ_ONLY,
     .of = &campaign_key,
     .meaning = "campaigns that have a share now"},
    KEPT_FIELDS,
    {0},
};

enum err layer_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "delete") == 0) {
        const char *user = json_string_value(json_object_get(change->context, "used_by"));
        return user ? fault_set(ret_fault, ERR_CONFLICT, "", "campaign %s is in this layer", user)
                    : ERR_OK;
    }
    return ERR_OK;
}
