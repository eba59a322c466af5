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

struct needed {
    const char *given, *name, *meaning;
};

static enum err check_needed(const struct needed *needed, size_t count, const char *with,
                             struct fault *fault)
{
    for (size_t i = 0; i < count; i++)
        if (!needed[i].given)
            return fault_set(fault, ERR_INVALID, "", "%s, --%s is needed: %s", with, needed[i].name,
                             needed[i].meaning);
    return ERR_OK;
}

static enum err check(const struct mapping_choice *c, const char *campaign_key, struct fault *fault)
{
    const struct needed needed[] = {
        {campaign_key, "campaign", "the key of the campaign to make"},
        {c->variant, "variant", "the column that says who got what"},
        {c->control, "control", "which text in it is the control's"},
        {c->time, "time", "the column of the time, or a time for all rows"},
        {c->value || c->conversion ? "" : NULL, "conversion",
         "the column that says who converted, or --value, the column of what was paid"},
    };
    enum err e =
        check_needed(needed, sizeof(needed) / sizeof(needed[0]), "without --mapping", fault);
    if (!e && c->order && !c->value)
        e = fault_set(fault, ERR_INVALID, "", "--order belongs to --value");
    if (!e && (c->visitors || c->daily_visitors || c->squares))
        e = fault_set(fault, ERR_INVALID, "", "--%s belongs to --totals",
                      c->visitors  ? "visitors"
                      : c->squares ? "squares"
                                   : "daily-visitors");
    return e;
}

/* What only visitors can tell. */
static enum err refuse_of_visitors(const struct mapping_choice *c, struct fault *fault)
{
    const struct needed of_visitors[] = {
        {c->visitor, "visitor", "rows are days, and not visitors"},
        {c->order, "order", "what was ordered is not known of totals"},
        {c->device, "device", "totals have no segments"},
        {c->country, "country", "totals have no segments"},
    };
    for (size_t i = 0; i < sizeof(of_visitors) / sizeof(of_visitors[0]); i++)
        if (of_visitors[i].given)
            return fault_set(fault, ERR_INVALID, "", "--%s does not go with --totals: %s",
                             of_visitors[i].name, of_visitors[i].meaning);
    return ERR_OK;
}

static enum err check_totals(const struct mapping_choice *c, const char *campaign_key,
                             struct fault *fault)
{
    const struct needed needed[] = {
        {campaign_key, "campaign", "the key of the campaign to make"},
        {c->variant, "variant", "the column of the variant"},
        {c->control, "control", "which text in it is the control's"},
        {c->time, "time", "the column of the day, or a day for all rows"},
        {c->visitors || c->daily_visitors ? "" : NULL, "visitors",
         "the column of those who came for the first time that day, or --daily-visitors, of all "
         "who "
         "came"},
        {c->value || c->conversion ? "" : NULL, "conversion",
         "the column of how many converted, or --value, of the sum of what was paid"},
    };
    enum err e = refuse_of_visitors(c, fault);
    e = e ? e : check_needed(needed, sizeof(needed) / sizeof(needed[0]), "with --totals", fault);
    if (!e && c->visitors && c->daily_visitors)
        e = fault_set(fault, ERR_INVALID, "", "give either --visitors or --daily-visitors");
    if (!e && c->squares && !c->value)
        e = fault_set(fault, ERR_INVALID, "", "--squares belongs to --value");
    return e;
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

static void rate_key(const char *event, struct buf *key)
{
    buf_printf(key, "%.58s_rate", event);
}

static void add_rate(const struct mapping_choice *c, const char *event, struct buf *out)
{
    auto_buf struct buf key = {0};
    rate_key(event, &key);
    buf_add_char(out, '{');
    add_text(out, "key", key.data);
    add_text(out, "name", c->conversion);
    add_text(out, "kind", "conversion");
    add_text(out, "event", event);
    buf_add_char(out, '}');
}

static void add_metrics(const struct mapping_choice *c, const char *event, const char *of_value,
                        struct buf *out)
{
    json_add_key(out, "metrics");
    buf_add_char(out, '[');
    if (event)
        add_rate(c, event, out);
    if (c->value) {
        json_add_comma(out);
        buf_add_str(out, of_value);
    }
    buf_add_char(out, ']');
}

static void add_sum(struct buf *out, const char *metric, const char *sum, const char *squares)
{
    json_add_comma(out);
    buf_add_char(out, '{');
    add_text(out, "metric", metric);
    add_column(out, "sum", sum);
    add_column(out, "squares", squares);
    buf_add_char(out, '}');
}

static void add_totals(const struct mapping_choice *c, const char *event, struct buf *out)
{
    open_object(out, "totals");
    add_column(out, "visitors", c->visitors);
    add_column(out, "daily_visitors", c->daily_visitors);
    json_add_key(out, "sums");
    buf_add_char(out, '[');
    if (event) {
        auto_buf struct buf key = {0};
        rate_key(event, &key);
        add_sum(out, key.data, c->conversion, NULL);
    }
    if (c->value)
        add_sum(out, "revenue_per_visitor", c->value, c->squares);
    buf_add_str(out, "]}");
}

static void open_mapping(const struct mapping_choice *c, const char *campaign_key, struct buf *out)
{
    buf_add_char(out, '{');
    open_object(out, "campaign");
    add_text(out, "key", campaign_key);
    add_text(out, "control", c->control);
    buf_add_char(out, '}');
    add_column(out, "variant", c->variant);
    add_time(c, out);
}

static enum err name_event(const struct mapping_choice *c, struct arena *arena,
                           const char **ret_event, struct fault *fault)
{
    *ret_event = event_of(c, arena);
    if (c->conversion && !*ret_event)
        return fault_set(fault, ERR_INVALID, "", "no event's name can be made of \"%s\"",
                         c->conversion);
    return ERR_OK;
}

enum err mapping_make(const struct mapping_choice *choice, const char *campaign_key,
                      struct arena *arena, struct buf *out, struct fault *ret_fault)
{
    const struct mapping_choice *c = choice;
    const char *event = NULL;
    enum err e = check(c, campaign_key, ret_fault);
    e = e ? e : name_event(c, arena, &event, ret_fault);
    if (e)
        return e;
    open_mapping(c, campaign_key, out);
    add_visitor(c, campaign_key, out);
    open_object(out, "dimensions");
    add_column(out, "device", c->device);
    add_column(out, "country", c->country);
    buf_add_char(out, '}');
    add_events(c, event, out);
    add_metrics(c, event,
                "{\"key\":\"conversion_rate\"},{\"key\":\"revenue_per_visitor\"},"
                "{\"key\":\"average_order_value\"}",
                out);
    buf_add_char(out, '}');
    return ERR_OK;
}

enum err mapping_make_totals(const struct mapping_choice *choice, const char *campaign_key,
                             struct arena *arena, struct buf *out, struct fault *ret_fault)
{
    const struct mapping_choice *c = choice;
    const char *event = NULL;
    enum err e = check_totals(c, campaign_key, ret_fault);
    e = e ? e : name_event(c, arena, &event, ret_fault);
    if (e)
        return e;
    open_mapping(c, campaign_key, out);
    add_totals(c, event, out);
    add_metrics(c, event, "{\"key\":\"revenue_per_visitor\"}", out);
    buf_add_char(out, '}');
    return ERR_OK;
}
