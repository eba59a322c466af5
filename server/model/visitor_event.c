// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/visitor_event.h"

#include "base/clock.h"
#include "base/json.h"

#include <ctype.h>
#include <string.h>

struct reader {
    const struct event_rules *rules;
    struct arena *arena;
    json_t *object;
    json_t *properties;
    struct visitor_event event;
    struct fault *fault;
};

static enum err refuse(struct reader *r, const char *pointer, const char *detail)
{
    return fault_set(r->fault, ERR_INVALID, pointer, "%s", detail);
}

/* An id-like text of 1-256 bytes: nothing repaired, no control characters. */
static enum err read_id_text(struct reader *r, const json_t *value, const char *pointer,
                             const char **ret)
{
    if (!json_is_string(value))
        return refuse(r, pointer, value ? "must be a string" : "is missing");
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (!text_is_id(text, length))
        return refuse(r, pointer, "must be 1 to 256 bytes of printable text");
    if (r->rules->is_repaired && strstr(text, "\xef\xbf\xbd"))
        return refuse(r, pointer, "holds a lone surrogate");
    *ret = arena_strndup(r->arena, text, length);
    return ERR_OK;
}

static enum err read_ts(struct reader *r, bool *ret_has_ts)
{
    const json_t *ts = json_object_get(r->object, "ts");
    *ret_has_ts = ts != NULL;
    if (!ts)
        return ERR_OK;
    const char *text = json_string_value(ts);
    if (!text || !clock_parse(text, json_string_length(ts), &r->event.ts_us))
        return refuse(r, "/ts", "must be a time as in RFC 3339, for example 2026-01-31T12:00:00Z");
    r->event.ts_us += r->rules->skew_us;
    return ERR_OK;
}

static bool is_exposure(const struct reader *r)
{
    return strcmp(r->event.name, "exposure") == 0;
}

/* "campaign|phase|variant|unit": the day stands in the id's time. A unit seen in two arms keeps
 * both. */
static void derive_exposure_id(struct reader *r, const char *campaign, json_int_t phase,
                               const char *variant)
{
    int64_t ts_us = r->event.ts_us;
    const char *name = arena_printf(r->arena, "%s|%lld|%s|%d|%s", campaign, (long long)phase,
                                    variant, r->rules->environment->id, r->event.visitor_id);
    r->event.id = uuid_hashed(ts_us - ts_us % DAY_US, name, strlen(name));
}

static enum err check_exposure(struct reader *r, bool has_id)
{
    const char *campaign_key, *variant_key;
    if (read_id_text(r, json_object_get(r->properties, "campaign"), "/properties/campaign",
                     &campaign_key) ||
        read_id_text(r, json_object_get(r->properties, "variant"), "/properties/variant",
                     &variant_key))
        return ERR_INVALID;
    const json_t *phase = json_object_get(r->properties, "phase");
    const struct snapshot_campaign *c = snapshot_find_campaign(r->rules->environment, campaign_key);
    if (phase && (!json_is_integer(phase) || json_integer_value(phase) < 1 ||
                  json_integer_value(phase) > 1000000))
        return refuse(r, "/properties/phase", "must be a whole number from 1");
    if (!c && !phase)
        return refuse(r, "/properties/campaign", "no such campaign is running");
    if (c && (!phase || json_integer_value(phase) == c->phase) &&
        snapshot_find_variant(c, variant_key) < 0)
        return refuse(r, "/properties/variant", "the campaign has no such variant");
    json_int_t number = phase ? json_integer_value(phase) : c->phase;
    if (!phase)
        json_object_set_new(r->properties, "phase", json_integer(number));
    if (c && snapshot_find_forced(c, r->event.visitor_id) >= 0)
        r->event.marks |= EVENT_MARK_FORCED;
    if (!has_id)
        derive_exposure_id(r, campaign_key, number, variant_key);
    return ERR_OK;
}

static enum err check_items(struct reader *r, const json_t *items)
{
    if (!json_is_array(items))
        return refuse(r, "/properties/items", "must be an array of objects");
    for (size_t i = 0; i < json_array_size(items); i++)
        if (!json_is_object(json_array_get(items, i))) {
            char pointer[64] = "/properties/items";
            pointer_push_index(pointer, sizeof(pointer), i);
            return refuse(r, pointer, "must be an object");
        }
    return ERR_OK;
}

static enum err check_currency(struct reader *r, const json_t *currency)
{
    const char *text = json_string_value(currency);
    if (!text || strlen(text) != 3 || !isupper((unsigned char)text[0]) ||
        !isupper((unsigned char)text[1]) || !isupper((unsigned char)text[2]))
        return refuse(r, "/properties/currency", "must be three capital letters as in ISO 4217");
    if (strcmp(text, r->rules->environment->currency) != 0)
        return fault_set(r->fault, ERR_INVALID, "/properties/currency",
                         "this environment counts in %s; there is no rate for %s",
                         r->rules->environment->currency, text);
    return ERR_OK;
}

static enum err check_commerce(struct reader *r)
{
    const json_t *value = json_object_get(r->properties, "value");
    const json_t *currency = json_object_get(r->properties, "currency");
    const json_t *transaction_id = json_object_get(r->properties, "transaction_id");
    const json_t *items = json_object_get(r->properties, "items");
    if (value && (!json_is_number(value) || json_number_value(value) > 1e12 ||
                  json_number_value(value) < -1e12))
        return refuse(r, "/properties/value", "must be a number up to 1e12");
    if (value && strcmp(r->event.name, "refund") == 0 && json_number_value(value) < 0)
        return refuse(r, "/properties/value", "must not be negative: a refund subtracts by itself");
    if (transaction_id && !json_is_string(transaction_id) && !json_is_integer(transaction_id))
        return refuse(r, "/properties/transaction_id", "must be a text or a whole number");
    if (currency && check_currency(r, currency))
        return ERR_INVALID;
    return items ? check_items(r, items) : ERR_OK;
}

static bool is_commerce(const char *name)
{
    static const char *const names[] = {"purchase", "refund", "add_to_cart", "begin_checkout",
                                        "view_item"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static enum err read_id(struct reader *r, bool *ret_has_id)
{
    const json_t *id = json_object_get(r->object, "event_id");
    *ret_has_id = id != NULL;
    if (!id)
        return is_exposure(r) ? ERR_OK : refuse(r, "/event_id", "is missing");
    if (!json_is_string(id) ||
        !uuid_parse(json_string_value(id), json_string_length(id), &r->event.id))
        return refuse(r, "/event_id", "must be a UUID");
    int version = uuid_version(&r->event.id);
    if (version != 7 && version != 8)
        return refuse(r, "/event_id",
                      "must be a UUID of version 7 (or 8): it carries the event's time");
    return ERR_OK;
}

/* Ids tell the partition, so that a retry lands in the same one: their time is bounded. */
static enum err check_times(struct reader *r)
{
    int64_t id_us = uuid_time_us(&r->event.id), apart_us = r->event.ts_us - id_us;
    int32_t today = clock_day(r->rules->now_us);
    r->event.day = clock_day(id_us);
    if (r->event.day > today + EVENT_FUTURE_DAYS)
        return refuse(r, "/event_id", "id_time: the time inside the id lies in the future");
    if (r->event.day < today - EVENT_PAST_DAYS && !r->rules->has_backfill)
        return refuse(r, "/event_id", "id_time: the time inside the id is more than 7 days old");
    if (apart_us > 2 * DAY_US || apart_us < -2 * DAY_US)
        return refuse(r, "/ts", "is more than 2 days away from the time inside event_id");
    return ERR_OK;
}

static enum err render_properties(struct reader *r)
{
    auto_buf struct buf b = {0};
    json_add_value(&b, r->properties);
    if (b.length > EVENT_PROPERTIES_BYTES)
        return refuse(r, "/properties", "are larger than 65536 bytes");
    r->event.properties = arena_strndup(r->arena, b.data, b.length);
    r->event.properties_length = b.length;
    return ERR_OK;
}

static enum err read_event(struct reader *r)
{
    bool has_ts, has_id;
    if (!json_is_object(r->object))
        return refuse(r, "", "an event must be an object");
    if (read_id_text(r, json_object_get(r->object, "visitor_id"), "/visitor_id",
                     &r->event.visitor_id) ||
        read_id_text(r, json_object_get(r->object, "name"), "/name", &r->event.name))
        return ERR_INVALID;
    if (strlen(r->event.name) > 64)
        return refuse(r, "/name", "must not be longer than 64 bytes");
    if (read_ts(r, &has_ts) || read_id(r, &has_id))
        return ERR_INVALID;
    if (!has_ts)
        r->event.ts_us = has_id ? uuid_time_us(&r->event.id) + r->rules->skew_us : r->rules->now_us;
    if (json_object_get(r->object, "properties") &&
        !json_is_object(json_object_get(r->object, "properties")))
        return refuse(r, "/properties", "must be an object");
    if (is_exposure(r) && check_exposure(r, has_id))
        return ERR_INVALID;
    if (is_commerce(r->event.name) && check_commerce(r))
        return ERR_INVALID;
    if (check_times(r))
        return ERR_INVALID;
    return render_properties(r);
}

enum err visitor_event_read(const struct event_rules *rules, struct arena *arena, json_t *object,
                            struct visitor_event *ret, struct fault *ret_fault)
{
    auto_json json_t *none = json_object();
    struct reader r = {.rules = rules, .arena = arena, .object = object, .fault = ret_fault};
    r.properties = json_object_get(object, "properties");
    if (!r.properties)
        r.properties = none;
    enum err e = read_event(&r);
    if (!e)
        *ret = r.event;
    return e;
}
