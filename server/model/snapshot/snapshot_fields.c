// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "model/admin/layer.h"
#include "model/admin/tracking.h"
#include "model/campaign/campaign_kind.h"
#include "model/campaign/trigger.h"
#include "model/campaign/web_change.h"
#include "model/rate/rate_list.h"

#include <ctype.h>
#include <string.h>

#define MANY 1e6

static const char *const statuses[] = {"running", "paused", "stopped", NULL};
static const char *const roles[] = {"client", "viewer", "editor", "publisher", "admin", NULL};
static const char *const scope_words[] = {"events", "backfill", NULL};

static enum err check_digest(const json_t *value, struct fault *fault)
{
    uint8_t sha256[32];
    return text_unhex(json_string_value(value), json_string_length(value), sha256)
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be 64 hexadecimal digits");
}

static enum err check_currency(const json_t *value, struct fault *fault)
{
    const char *text = json_string_value(value);
    for (; *text; text++)
        if (!isupper((unsigned char)*text))
            return fault_set(fault, ERR_INVALID, "", "must be three capital letters");
    return ERR_OK;
}

static enum err check_range(const json_t *value, struct fault *fault)
{
    return json_integer_value(json_array_get(value, 0)) <
                   json_integer_value(json_array_get(value, 1))
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must end behind its begin");
}

static enum err check_audience(const json_t *value, struct fault *fault)
{
    return json_is_object(value) ? ERR_OK
                                 : fault_set(fault, ERR_INVALID, "", "must be an object, not %s",
                                             json_kind_name(value));
}

static const struct field bound = {.kind = FIELD_INT, .max = LAYER_BUCKETS};
static const struct field range = {
    .kind = FIELD_LIST, .min = 2, .max = 2, .of = &bound, .check = check_range};
static const struct field layer_share_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "ranges", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &range},
    {0},
};

static const struct field schedule_fields[] = {
    {.name = "start", .kind = FIELD_TIME},
    {.name = "end", .kind = FIELD_TIME},
    {0},
};

static const struct field forced_entry[] = {{.kind = FIELD_ID}, {.kind = FIELD_KEY}};
static const struct field flag_entry[] = {{.kind = FIELD_KEY}, {.kind = FIELD_ANY}};

static const struct field variant_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "weight", .kind = FIELD_NUMBER, .marks = FIELD_REQUIRED, .max = 1},
    {.name = "is_control", .kind = FIELD_BOOL, .marks = FIELD_REQUIRED},
    {.name = "flags", .kind = FIELD_MAP, .of = flag_entry, .initial = "{}"},
    {.name = "changes", .kind = FIELD_LIST, .of = &web_change_field, .initial = "[]"},
    {0},
};
static const struct field variant = {.kind = FIELD_OBJECT, .of = variant_fields};

static const struct field experience_fields[] = {
    {.name = "key", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .max = 64},
    {.name = "audience", .kind = FIELD_ANY, .check = check_audience},
    {.name = "variants", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &variant},
    {0},
};
static const struct field experience = {.kind = FIELD_OBJECT, .of = experience_fields};

static const struct field phase_fields[] = {
    {.name = "number", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .min = 1, .max = MANY},
    {.name = "seed", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .min = 1, .max = 200},
    {.name = "triggers", .kind = FIELD_OBJECT, .of = trigger_fields},
    {.name = "experiences", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &experience},
    {0},
};

static const struct field campaign_fields_served[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .min = 1, .max = INT32_MAX},
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "kind", .kind = FIELD_WORD, .marks = FIELD_REQUIRED, .words = campaign_kind_words},
    {.name = "status", .kind = FIELD_WORD, .marks = FIELD_REQUIRED, .words = statuses},
    {.name = "priority", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .min = -1000, .max = 1000},
    {.name = "coverage", .kind = FIELD_NUMBER, .marks = FIELD_REQUIRED, .max = 1},
    {.name = "schedule", .kind = FIELD_OBJECT, .of = schedule_fields},
    {.name = "forced", .kind = FIELD_MAP, .of = forced_entry, .initial = "{}"},
    {.name = "layer", .kind = FIELD_OBJECT, .of = layer_share_fields},
    {.name = "phase", .kind = FIELD_OBJECT, .marks = FIELD_REQUIRED, .of = phase_fields},
    {0},
};
static const struct field campaign_served = {.kind = FIELD_OBJECT, .of = campaign_fields_served};

static const struct field flag_served_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "default", .kind = FIELD_ANY},
    {0},
};
static const struct field flag_served = {.kind = FIELD_OBJECT, .of = flag_served_fields};

static const struct field layer_served_fields[] = {
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "seed", .kind = FIELD_TEXT, .marks = FIELD_REQUIRED, .min = 1, .max = 200},
    {0},
};
static const struct field layer_served = {.kind = FIELD_OBJECT, .of = layer_served_fields};

static const struct field scope = {.kind = FIELD_WORD, .words = scope_words};
static const struct field key_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .min = 1, .max = INT32_MAX},
    {.name = "sha256",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 64,
     .max = 64,
     .check = check_digest},
    {.name = "role", .kind = FIELD_WORD, .marks = FIELD_REQUIRED, .words = roles},
    {.name = "scopes", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &scope},
    {0},
};
static const struct field key = {.kind = FIELD_OBJECT, .of = key_fields};

static const struct field junk_id = {.kind = FIELD_TEXT, .min = 1, .max = 256};
static const struct field origin = {.kind = FIELD_TEXT, .min = 1, .max = 1000};

static enum err check_rate_day(const json_t *value, struct fault *fault)
{
    int32_t day;
    return rate_read_day(json_string_value(value), &day)
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be a day");
}

static const struct field rate_day = {
    .kind = FIELD_TEXT, .min = 10, .max = 10, .check = check_rate_day};
static const struct field rate_day_entry[] = {
    {.kind = FIELD_TEXT, .min = 3, .max = 3, .check = check_currency},
    {.kind = FIELD_LIST, .min = 2, .max = 2, .of = &rate_day},
};

const struct field snapshot_fields[] = {
    {.name = "id", .kind = FIELD_INT, .marks = FIELD_REQUIRED, .min = 1, .max = INT32_MAX},
    {.name = "key", .kind = FIELD_KEY, .marks = FIELD_REQUIRED},
    {.name = "is_panic", .kind = FIELD_BOOL, .marks = FIELD_REQUIRED},
    {.name = "currency",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 3,
     .max = 3,
     .check = check_currency},
    {.name = "rate_days", .kind = FIELD_MAP, .max = 1000, .of = rate_day_entry},
    {.name = "origins", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &origin},
    {.name = "junk_ids", .kind = FIELD_LIST, .of = &junk_id},
    {.name = "preview_secret",
     .kind = FIELD_TEXT,
     .min = 2 * TOKEN_SECRET_BYTES,
     .max = 2 * TOKEN_SECRET_BYTES,
     .check = check_digest},
    {.name = "allows_html", .kind = FIELD_BOOL, .marks = FIELD_REQUIRED},
    {.name = "tracking", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &tracking},
    {.name = "keys", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &key},
    {.name = "flags", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &flag_served},
    {.name = "layers", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &layer_served},
    {.name = "campaigns", .kind = FIELD_LIST, .marks = FIELD_REQUIRED, .of = &campaign_served},
    {0},
};
