// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/environment.h"

#include "base/mem.h"
#include "model/admin/tracking.h"
#include "model/currency.h"
#include "model/junk_id.h"
#include "model/kept.h"
#include "model/metric/metric.h"

#include <string.h>

static enum err check_currency(const json_t *value, struct fault *fault)
{
    return currency_digits(json_string_value(value)) >= 0
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be a currency of ISO 4217, as EUR");
}

static enum err check_time_zone(const json_t *value, struct fault *fault)
{
    const char *s = json_string_value(value);
    size_t plain = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
    return s[plain] == '\0'
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be a time zone's name, as Europe/Berlin");
}

/* What browsers send as Origin: scheme and host, perhaps a port, nothing behind. */
static enum err check_origin(const json_t *value, struct fault *fault)
{
    const char *s = json_string_value(value);
    size_t scheme = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7 : 0;
    size_t host = strspn(s + scheme, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]");
    return scheme > 0 && host > 0 && s[scheme + host] == '\0'
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "must be an origin, as https://shop.example");
}

static const struct field junk_id = {.kind = FIELD_TEXT, .min = 1, .max = 256};

static const struct field origin = {
    .kind = FIELD_TEXT, .min = 1, .max = 300, .check = check_origin};

const struct field environment_fields[] = {
    {.name = "key",
     .kind = FIELD_KEY,
     .marks = FIELD_REQUIRED | FIELD_ONCE,
     .meaning = "name in ?environment="},
    {.name = "name", .kind = FIELD_TEXT, .max = 200, .initial = "\"\"", .meaning = "for people"},
    {.name = "time_zone",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 64,
     .check = check_time_zone,
     .initial = "\"UTC\"",
     .meaning = "where its days begin and end"},
    {.name = "currency",
     .kind = FIELD_TEXT,
     .marks = FIELD_ONCE,
     .min = 3,
     .max = 3,
     .check = check_currency,
     .initial = "\"EUR\"",
     .meaning = "of all its money (ISO 4217)"},
    {.name = "allowed_origins",
     .kind = FIELD_LIST,
     .max = 100,
     .of = &origin,
     .initial = "[]",
     .meaning = "pages that may use its client keys; empty: all"},
    {.name = "allows_html",
     .kind = FIELD_BOOL,
     .initial = "false",
     .meaning = "variants may bring markup and scripts into its pages"},
    {.name = "tracking",
     .kind = FIELD_LIST,
     .max = TRACKING_MAX,
     .of = &tracking,
     .initial = "[]",
     .meaning = "clicks and forms that its pages count"},
    {.name = "junk_ids",
     .kind = FIELD_LIST,
     .max = JUNK_ID_LIST_MAX,
     .of = &junk_id,
     .initial = JUNK_ID_DEFAULTS,
     .meaning = "visitor ids that are nobody's, in any case: refused with their events, served "
                "the defaults; so is what is nothing but zeros, and {{…}} or ${…} unfilled"},
    {.name = "unit_events_per_day",
     .kind = FIELD_INT,
     .min = 1,
     .max = 1000000,
     .initial = "2000",
     .meaning =
         "events on one UTC day, of those a campaign's metrics count, beyond which a visitor "
         "is taken for a machine and left out of the campaign's results"},
    {.name = "unit_events",
     .kind = FIELD_INT,
     .min = 1,
     .max = 1000000,
     .initial = "20000",
     .meaning = "the same for all days"},
    {.name = "early_exposures",
     .kind = FIELD_INT,
     .min = 0,
     .max = 10000000,
     .initial = "100000",
     .meaning = "exposures that are kept until their phase begins; further ones are not"},
    {.name = "is_panic",
     .kind = FIELD_BOOL,
     .marks = FIELD_READ_ONLY,
     .meaning = "everybody gets the control"},
    KEPT_FIELDS,
    {0},
};

const struct field environment_panic_fields[] = {
    {.name = "is_panic",
     .kind = FIELD_BOOL,
     .marks = FIELD_REQUIRED,
     .meaning = "everybody gets the control from now on; false: that ends"},
    {0},
};

static enum err plan_panic(struct change *change, struct fault *fault)
{
    auto_json json_t *nothing = json_object();
    auto_json json_t *argument = NULL;
    enum err e = field_read(environment_panic_fields, change->argument ? change->argument : nothing,
                            &argument, fault);
    if (!e)
        must(json_object_update(change->plan, argument) == 0);
    return e;
}

/* One more row. What is counted already under that name is left as it is. */
static enum err plan_track(struct change *change, struct fault *fault)
{
    auto_json json_t *nothing = json_object();
    auto_json json_t *row = NULL;
    auto_json json_t *merged = field_writable(environment_fields, change->before);
    json_t *rows = json_object_get(merged, "tracking");
    enum err e =
        field_read(tracking_fields, change->argument ? change->argument : nothing, &row, fault);
    if (e)
        return e;
    bool is_known = false;
    for (size_t i = 0; i < json_array_size(rows); i++)
        is_known = is_known || json_equal(json_array_get(rows, i), row);
    if (json_array_size(rows) >= TRACKING_MAX && !is_known)
        return fault_set(fault, ERR_CONFLICT, "", "%d clicks and forms are counted already",
                         TRACKING_MAX);
    if (!is_known)
        must(json_array_append(rows, row) == 0);
    return field_read(environment_fields, merged, &change->document, fault);
}

static enum err check_delete(const struct change *change, struct fault *fault)
{
    const char *user = json_string_value(json_object_get(change->context, "used_by"));
    if (user)
        return fault_set(fault, ERR_CONFLICT, "", "campaign %s has not been stopped", user);
    if (json_integer_value(json_object_get(change->context, "others")) == 0)
        return fault_set(fault, ERR_CONFLICT, "", "this is the last environment");
    return ERR_OK;
}

/* Units stand under the day they were first exposed on: another zone would move them, but not the
 * looks that were stored. */
static enum err check_patch(const struct change *change, struct fault *fault)
{
    const char *started = json_string_value(json_object_get(change->context, "started"));
    if (!started || json_equal(json_object_get(change->before, "time_zone"),
                               json_object_get(change->document, "time_zone")))
        return ERR_OK;
    return fault_set(fault, ERR_CONFLICT, "/time_zone",
                     "campaign %s was started, and its days are counted in this time zone",
                     started);
}

enum err environment_change(struct change *change, struct fault *ret_fault)
{
    if (strcmp(change->action, "panic") == 0)
        return plan_panic(change, ret_fault);
    if (strcmp(change->action, "track") == 0)
        return plan_track(change, ret_fault);
    if (strcmp(change->action, "delete") == 0)
        return check_delete(change, ret_fault);
    if (strcmp(change->action, "patch") == 0)
        return check_patch(change, ret_fault);
    if (strcmp(change->action, "create") == 0) {
        const char *currency = json_string_value(json_object_get(change->document, "currency"));
        must(json_object_set_new(change->plan, "metrics", metric_builtins(currency)) == 0);
    }
    return ERR_OK;
}
