// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/mapping/mapping_make.h"

#include "base/json/json.h"
#include "tools/csv/cell.h"
#include "tools/import/mapping/mapping.h"

#include <string.h>

bool mapping_choice_is_made(const struct mapping_choice *choice)
{
    const char *const *texts = (const char *const *)(const void *)choice;
    for (size_t i = 0; i < sizeof(*choice) / sizeof(*texts); i++)
        if (texts[i])
            return true;
    return false;
}

static enum err check(const struct mapping_choice *c, const char *campaign_key, struct fault *fault)
{
    const struct {
        const char *given, *name, *meaning;
    } needed[] = {
        {campaign_key, "campaign", "the key of the campaign to make"},
        {c->variant, "variant", "the column that says who got what"},
        {c->control, "control", "which text in it is the control's"},
        {c->time, "time", "the column of the time, or a time for all rows"},
        {c->value || c->conversion ? "" : NULL, "conversion",
         "the column that says who converted, or --value, the column of what was paid"},
    };
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!needed[i].given)
            return fault_set(fault, ERR_INVALID, "", "without --mapping, --%s is needed: %s",
                             needed[i].name, needed[i].meaning);
    if (c->order && !c->value)
        return fault_set(fault, ERR_INVALID, "", "--order belongs to --value");
    return ERR_OK;
}

/* Names that mean something of their own are not a conversion's. */
static const char *event_of(const struct mapping_choice *c, struct arena *arena)
{
    const char *name = c->conversion ? mapping_slug(arena, c->conversion) : NULL;
    bool is_taken = name && (strcmp(name, "exposure") == 0 || strcmp(name, "purchase") == 0 ||
                             strcmp(name, "refund") == 0);
    return is_taken ? "converted" : name;
}

static void add_text(struct buf *out, const char *key, const char *text)
{
    json_add_key(out, key);
    json_add_string(out, text);
}

static void open_object(struct buf *out, const char *key)
{
    json_add_key(out, key);
    buf_add_char(out, '{');
}

static void add_column(struct buf *out, const char *key, const char *column)
{
    if (!column)
        return;
    open_object(out, key);
    add_text(out, "column", column);
    buf_add_char(out, '}');
}

static void add_visitor(const struct mapping_choice *c, const char *campaign_key, struct buf *out)
{
    add_column(out, "visitor", c->visitor);
    if (c->visitor)
        return;
    auto_buf struct buf prefix = {0};
    buf_printf(&prefix, "%s-", campaign_key);
    open_object(out, "visitor");
    json_add_key(out, "row_number");
    buf_add_str(out, "true");
    add_text(out, "prefix", prefix.data);
    buf_add_char(out, '}');
}

static void add_time(const struct mapping_choice *c, struct buf *out)
{
    int64_t us;
    open_object(out, "time");
    add_text(out, cell_time(c->time, NULL, &us) ? "constant" : "column", c->time);
    if (c->time_format)
        add_text(out, "format", c->time_format);
    buf_add_char(out, '}');
}

static void add_events(const struct mapping_choice *c, const char *event, struct buf *out)
{
    json_add_key(out, "events");
    buf_add_char(out, '[');
    if (event) {
        buf_add_char(out, '{');
        add_text(out, "name", event);
        open_object(out, "when");
        add_text(out, "column", c->conversion);
        buf_add_str(out, ",\"true\":true}}");
    }
    if (c->value) {
        json_add_comma(out);
        buf_add_char(out, '{');
        add_text(out, "name", "purchase");
        open_object(out, "when");
        add_text(out, "column", c->value);
        buf_add_str(out, ",\"above\":0}");
        add_column(out, "value", c->value);
        add_column(out, "transaction_id", c->order);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_metrics(const struct mapping_choice *c, const char *event, struct buf *out)
{
    json_add_key(out, "metrics");
    buf_add_char(out, '[');
    if (event) {
        auto_buf struct buf key = {0};
        buf_printf(&key, "%.58s_rate", event);
        buf_add_char(out, '{');
        add_text(out, "key", key.data);
        add_text(out, "name", c->conversion);
        add_text(out, "kind", "conversion");
        add_text(out, "event", event);
        buf_add_char(out, '}');
    }
    if (c->value) {
        json_add_comma(out);
        buf_add_str(out, "{\"key\":\"conversion_rate\"},{\"key\":\"revenue_per_visitor\"},"
                         "{\"key\":\"average_order_value\"}");
    }
    buf_add_char(out, ']');
}

enum err mapping_make(const struct mapping_choice *choice, const char *campaign_key,
                      struct arena *arena, struct buf *out, struct fault *ret_fault)
{
    const struct mapping_choice *c = choice;
    enum err e = check(c, campaign_key, ret_fault);
    if (e)
        return e;
    const char *event = event_of(c, arena);
    if (c->conversion && !event)
        return fault_set(ret_fault, ERR_INVALID, "", "no event's name can be made of \"%s\"",
                         c->conversion);
    buf_add_char(out, '{');
    open_object(out, "campaign");
    add_text(out, "key", campaign_key);
    add_text(out, "control", c->control);
    buf_add_char(out, '}');
    add_visitor(c, campaign_key, out);
    add_column(out, "variant", c->variant);
    add_time(c, out);
    open_object(out, "dimensions");
    add_column(out, "device", c->device);
    add_column(out, "country", c->country);
    buf_add_char(out, '}');
    add_events(c, event, out);
    add_metrics(c, event, out);
    buf_add_char(out, '}');
    return ERR_OK;
}
