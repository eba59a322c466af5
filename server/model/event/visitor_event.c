// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/visitor_event.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/json/json_id.h"
#include "base/mem.h"
#include "model/event/event_commerce.h"
#include "model/event/event_identity.h"
#include "model/event/event_number.h"
#include "model/event/event_time.h"

#include <string.h>

struct reader {
    const struct event_rules *rules;
    struct arena *arena;
    json_t *object;
    json_t *properties;
    struct visitor_event event;
    int64_t told_us; /* when it happened, by the sender's clock */
    bool has_id;
    enum refusal why; /* REFUSAL_INVALID unless something else is found */
    struct fault *fault;
};

static enum err refuse(struct reader *r, const char *pointer, const char *detail)
{
    return fault_set(r->fault, ERR_INVALID, pointer, "%s", detail);
}

static enum err refuse_as(struct reader *r, enum refusal why, const char *pointer,
                          const char *detail)
{
    r->why = why;
    return refuse(r, pointer, detail);
}

/* An id-like text of 1-256 bytes: nothing repaired, no control characters. A whole number is its
 * digits. */
static enum err read_id_text(struct reader *r, const json_t *value, const char *pointer,
                             const char **ret)
{
    char digits[JSON_ID_DIGITS];
    size_t length;
    const char *text = json_id_text(value, digits, &length);
    if (!text)
        return refuse(r, pointer,
                      json_is_number(value)
                          ? "must be a text: as a number it is not whole, or not kept exactly"
                      : value ? "must be a text or a whole number"
                              : "is missing");
    if (!text_is_id(text, length))
        return refuse(r, pointer, "must be 1 to 256 bytes of printable text");
    if (r->rules->is_repaired && strstr(text, "\xef\xbf\xbd"))
        return refuse(r, pointer, "holds a lone surrogate");
    *ret = arena_strndup(r->arena, text, length);
    return ERR_OK;
}

#define IMPORTED "import/"

static enum err read_visitor_id(struct reader *r)
{
    enum err e =
        read_id_text(r, json_member(r->object, "visitor_id"), "/visitor_id", &r->event.visitor_id);
    if (!e && !r->rules->has_backfill &&
        strncmp(r->event.visitor_id, IMPORTED, strlen(IMPORTED)) == 0)
        return refuse_as(r, REFUSAL_SERVER_ONLY, "/visitor_id",
                         "begins with import/, as the visitors of imports do: that takes a key of "
                         "scope backfill");
    if (e || !junk_ids_hold(&r->rules->snapshot->junk_ids, r->event.visitor_id))
        return e;
    r->why = REFUSAL_JUNK_ID;
    return fault_set(r->fault, ERR_INVALID, "/visitor_id",
                     "\"%.100s\" is nobody's id: a word that stands where an id is missing",
                     r->event.visitor_id);
}

static enum err read_ts(struct reader *r, bool *ret_has_ts)
{
    const json_t *ts = json_member(r->object, "ts");
    *ret_has_ts = ts != NULL;
    if (ts && !event_time_read(ts, &r->told_us))
        return refuse(r, "/ts", EVENT_TIME_WANTED);
    return ERR_OK;
}

/* What servers alone may say: whoever holds the public key could empty an order with it. */
static const char *const server_names[] = {"refund"};

static enum err read_name(struct reader *r)
{
    const json_t *name = json_member(r->object, "name");
    if (name && !json_is_string(name))
        return refuse(r, "/name", "must be a string");
    if (json_string_length(name) > 64 &&
        text_characters(json_string_value(name), json_string_length(name)) > 64)
        return refuse(r, "/name", "must not be longer than 64 characters");
    if (read_id_text(r, name, "/name", &r->event.name))
        return ERR_INVALID;
    for (size_t i = 0; r->rules->is_public && i < sizeof(server_names) / sizeof(*server_names); i++)
        if (strcmp(r->event.name, server_names[i]) == 0) {
            r->why = REFUSAL_SERVER_ONLY;
            return fault_set(r->fault, ERR_INVALID, "/name",
                             "a %s comes from a server, with a secret key of scope events",
                             server_names[i]);
        }
    return ERR_OK;
}

static bool is_exposure(const struct reader *r)
{
    return strcmp(r->event.name, "exposure") == 0;
}

/* Which of a campaign's experiences it was: "" where there is but one. */
static enum err read_experience(struct reader *r, const char **ret)
{
    const json_t *value = json_member(r->properties, "experience");
    if (value && (!json_is_string(value) || json_string_length(value) > 0))
        return read_id_text(r, value, "/properties/experience", ret);
    *ret = "";
    return ERR_OK;
}

/* A key for old days may name campaigns that were over long ago; without a phase they are looked
 * for as others. */
static bool is_ahead(const struct event_rules *rules, const struct snapshot_campaign *c,
                     const json_t *phase)
{
    if (rules->has_backfill)
        return !c && !phase;
    return !c || json_integer_value(phase) > c->phase;
}

/* A key for old days may speak of campaigns that were over long ago, which no snapshot holds. */
static enum err check_phase(struct reader *r, const char *campaign_key,
                            const struct snapshot_campaign *c, const json_t *phase)
{
    json_int_t number = json_integer_value(phase);
    if (phase && (!json_is_integer(phase) || number < 1 || number > EVENT_PHASE_MAX))
        return refuse(r, "/properties/phase", "must be a whole number from 1");
    if (r->rules->can_wait && is_ahead(r->rules, c, phase))
        return fault_set(r->fault, ERR_STALE, "/properties/campaign", "is not known here yet");
    r->why = REFUSAL_CAMPAIGN;
    if (!c && (!phase || (r->rules->is_newest && !r->rules->has_backfill)))
        return fault_set(r->fault, ERR_INVALID, "/properties/campaign",
                         "no campaign \"%.100s\" is running here, or was within seven days",
                         campaign_key);
    if (c && number > c->phase + !r->rules->is_newest)
        return fault_set(r->fault, ERR_INVALID, "/properties/phase",
                         "the newest phase of campaign \"%.100s\" is %d", campaign_key, c->phase);
    r->why = REFUSAL_INVALID;
    return ERR_OK;
}

/* An id that somebody else's event may have: nobody guesses one of version 7. */
static bool is_foreign(const struct reader *r)
{
    return r->rules->is_public && uuid_version(&r->event.id) == 8;
}

/* Sums are made by these members' texts. */
static void settle_text(struct reader *r, const char *name, const char *text)
{
    if (json_is_number(json_member(r->properties, name)))
        must(json_object_set_new(r->properties, name, json_string(text)) == 0);
}

static enum err read_variant(struct reader *r, const struct snapshot_campaign *c,
                             const json_t *phase, const char *key)
{
    if (!c || (phase && json_integer_value(phase) != c->phase))
        return ERR_OK;
    r->event.campaign = c;
    r->event.variant = snapshot_find_variant(c, key);
    return r->event.variant >= 0 ? ERR_OK
                                 : refuse_as(r, REFUSAL_CAMPAIGN, "/properties/variant",
                                             "the campaign has no such variant");
}

static enum err check_exposure(struct reader *r)
{
    const char *campaign_key, *experience, *variant_key;
    if (read_id_text(r, json_member(r->properties, "campaign"), "/properties/campaign",
                     &campaign_key) ||
        read_id_text(r, json_member(r->properties, "variant"), "/properties/variant",
                     &variant_key) ||
        read_experience(r, &experience))
        return ERR_INVALID;
    const struct snapshot_campaign *c = snapshot_find_campaign(r->rules->snapshot, campaign_key);
    event_number_settle(r->properties, "phase");
    const json_t *phase = json_member(r->properties, "phase");
    enum err e = check_phase(r, campaign_key, c, phase);
    if (e)
        return e;
    if (read_variant(r, c, phase, variant_key))
        return ERR_INVALID;
    if (r->event.campaign && r->rules->is_public && experience[0])
        return refuse_as(r, REFUSAL_CAMPAIGN, "/properties/experience",
                         "the campaign has no such experience");
    json_int_t number = phase ? json_integer_value(phase) : c->phase;
    if (!phase)
        json_object_set_new(r->properties, "phase", json_integer(number));
    if (c && snapshot_find_forced(c, r->event.visitor_id) >= 0)
        r->event.marks |= EVENT_MARK_FORCED;
    settle_text(r, "campaign", campaign_key);
    settle_text(r, "variant", variant_key);
    settle_text(r, "experience", experience);
    const struct event_exposure exposure = {campaign_key, number, experience, variant_key};
    struct uuid own = event_id_of_exposure(r->arena, &exposure, r->event.visitor_id,
                                           r->rules->snapshot->environment_id, r->told_us);
    if (!r->has_id)
        r->event.id = own;
    else if (is_foreign(r) && memcmp(&own, &r->event.id, sizeof(own)) != 0)
        return refuse_as(r, REFUSAL_SERVER_ONLY, "/event_id",
                         "is of version 8, but not what is derived for this exposure");
    return ERR_OK;
}

static enum err read_id(struct reader *r)
{
    const json_t *id = json_member(r->object, "event_id");
    r->has_id = id != NULL;
    if (!id)
        return ERR_OK;
    if (!json_is_string(id) ||
        !event_id_parse(json_string_value(id), json_string_length(id), &r->event.id))
        return refuse(r, "/event_id", "must be a UUID");
    int version = uuid_version(&r->event.id);
    if (version < 1 || version > 8)
        return refuse(r, "/event_id", "must be a UUID of version 7, 4 or another of RFC 9562");
    if (is_foreign(r) && !is_exposure(r))
        return refuse_as(
            r, REFUSAL_SERVER_ONLY, "/event_id",
            "must be a UUID of version 7: those of version 8 are derived for exposures");
    if (r->rules->is_public && version != 4 && version < 7)
        return refuse_as(r, REFUSAL_SERVER_ONLY, "/event_id",
                         "must be a UUID of version 7 or 4: others can be guessed, and come from a "
                         "server, with a secret key");
    return ERR_OK;
}

/* The day of an event tells its partition, so that a retry lands in the same one: it is bounded,
 * and never made of a clock of ours where the event has a time of its own. */
static enum err check_times(struct reader *r)
{
    bool is_timed = r->has_id && event_id_has_time(&r->event.id);
    int64_t id_us = is_timed ? uuid_time_us(&r->event.id) : r->told_us;
    int64_t apart_us = r->event.ts_us - id_us;
    int32_t today = clock_day(r->rules->now_us);
    const char *pointer = is_timed ? "/event_id" : "/ts";
    r->event.day = clock_day(id_us);
    if (r->event.day > today + EVENT_FUTURE_DAYS)
        return refuse_as(r, REFUSAL_CLOCK, pointer,
                         is_timed ? "id_time: the time inside the id lies in the future"
                                  : "lies in the future");
    if (r->event.day < today - EVENT_PAST_DAYS && !r->rules->has_backfill)
        return refuse_as(r, REFUSAL_TOO_LATE, pointer,
                         is_timed ? "id_time: the time inside the id is more than 7 days old"
                                  : "is more than 7 days old");
    if (apart_us > 2 * DAY_US || apart_us < -2 * DAY_US)
        return refuse_as(r, REFUSAL_CLOCK, "/ts",
                         "is more than 2 days away from the time inside event_id");
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

/* When it happened, by the sender's clock and by ours. Without a word of the sender it is now. */
static enum err settle_time(struct reader *r, bool has_ts)
{
    const struct event_rules *rules = r->rules;
    bool is_timed = r->has_id && event_id_has_time(&r->event.id);
    if (!has_ts)
        r->told_us = is_timed ? uuid_time_us(&r->event.id) : rules->now_us;
    r->event.ts_us = r->told_us;
    if ((has_ts || is_timed) && rules->clock_fn &&
        !rules->clock_fn(rules->clock_arg, r->event.visitor_id, r->told_us, &r->event.ts_us))
        return refuse_as(r, REFUSAL_CLOCK, "/ts",
                         "by sent_at the sender's clock is off by more than a day: none of its "
                         "times can be believed");
    return ERR_OK;
}

static enum err check_commerce(struct reader *r)
{
    if (event_is_commerce(r->event.name) &&
        event_commerce_check(r->event.name, r->properties, r->rules->is_public, r->fault))
        return ERR_INVALID;
    const char *told = event_commerce_foreign(r->properties, r->rules->snapshot->currency);
    if (told && !snapshot_has_rate(r->rules->snapshot, told, clock_day(r->event.ts_us)))
        r->event.unrated = arena_strdup(r->arena, told);
    return ERR_OK;
}

static enum err check_properties(struct reader *r)
{
    if (json_member(r->object, "properties") &&
        !json_is_object(json_member(r->object, "properties")))
        return refuse(r, "/properties", "must be an object");
    enum err e = is_exposure(r) ? check_exposure(r) : ERR_OK;
    if (e)
        return e;
    if (check_commerce(r))
        return ERR_INVALID;
    return event_numbers_check(r->properties, "/properties", r->fault);
}

static enum err read_event(struct reader *r)
{
    bool has_ts;
    if (!json_is_object(r->object))
        return refuse(r, "", "an event must be an object");
    if (read_visitor_id(r) || read_name(r))
        return ERR_INVALID;
    if (read_ts(r, &has_ts) || read_id(r))
        return ERR_INVALID;
    if (settle_time(r, has_ts))
        return ERR_INVALID;
    enum err e = check_properties(r);
    if (e)
        return e;
    if (check_times(r) || render_properties(r))
        return ERR_INVALID;
    const struct event_word word = {.environment_id = r->rules->snapshot->environment_id,
                                    .visitor_id = r->event.visitor_id,
                                    .name = r->event.name,
                                    .told_us = r->told_us,
                                    .has_ts = has_ts};
    if (!r->has_id && !is_exposure(r))
        r->event.id = event_id_of_content(&word, r->properties);
    return ERR_OK;
}

enum err visitor_event_read(const struct event_rules *rules, struct arena *arena, json_t *object,
                            struct visitor_event *ret, enum refusal *ret_why,
                            struct fault *ret_fault)
{
    auto_json json_t *none = json_object();
    struct reader r = {.rules = rules, .arena = arena, .object = object, .fault = ret_fault};
    r.properties = json_member(object, "properties");
    if (!r.properties)
        r.properties = none;
    enum err e = read_event(&r);
    if (!e)
        *ret = r.event;
    else
        *ret_why = r.why;
    return e;
}
