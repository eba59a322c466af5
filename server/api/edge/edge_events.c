// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/process/counter.h"
#include "decide/decide.h"

#include <string.h>

#define EVENTS_MAX 500
/* A clock that is off by less is not corrected: the way here takes time too. */
#define SKEW_TOLERATED_US (2 * SECOND_US)

static const struct json_limits limits = {
    .bytes = 16u * 1024 * 1024, .depth = 16, .nodes = 200000, .caps_numbers = true};

struct rejection {
    size_t index;
    const char *pointer;
    const char *detail;
};

/* One request while its events are on their way. Lives in the request's arena. */
struct delivery {
    struct http_request *request;
    struct ingest_request ingest;
    bool is_alone;            /* the body was one event, not a list */
    const char *list_pointer; /* "/events" or "" */
    size_t *indexes;          /* index in the request of each event sent on */
    struct rejection *rejections;
    size_t rejection_count;
    struct edge *edge;
    struct snapshot_wait wait; /* for a snapshot that knows the campaigns it speaks of */
    bool has_waited, is_newest;
    bool is_repaired; /* the body was, when it was read first */
};

static void add_rejection(struct delivery *d, size_t index, const struct fault *fault)
{
    struct arena *arena = d->request->arena;
    const char *pointer =
        d->is_alone ? arena_strdup(arena, fault->pointer)
                    : arena_printf(arena, "%s/%zu%s", d->list_pointer, index, fault->pointer);
    d->rejections[d->rejection_count++] =
        (struct rejection){index, pointer, arena_strdup(arena, fault->detail)};
}

static void reply_statuses(struct delivery *d)
{
    size_t accepted = 0, duplicate = 0;
    for (size_t i = 0; i < d->ingest.count; i++) {
        struct fault fault;
        accepted += d->ingest.statuses[i] == INGEST_ACCEPTED;
        duplicate += d->ingest.statuses[i] == INGEST_DUPLICATE;
        if (d->ingest.statuses[i] != INGEST_REFUSED)
            continue;
        fault_set(&fault, ERR_INVALID, "", "%s", d->ingest.refusals[i]);
        add_rejection(d, d->indexes[i], &fault);
    }
    counter_events_end(COUNTER_EVENTS_ACKED, accepted);
    counter_events_end(COUNTER_EVENTS_DUPLICATE, duplicate);
    counter_events_end(COUNTER_EVENTS_REFUSED, d->ingest.count - accepted - duplicate);
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"accepted\":%zu,\"duplicate\":%zu,\"rejected\":[", accepted, duplicate);
    for (size_t i = 0; i < d->rejection_count; i++) {
        buf_printf(&b, "%s{\"index\":%zu,\"pointer\":", i ? "," : "", d->rejections[i].index);
        json_add_string(&b, d->rejections[i].pointer);
        buf_add_str(&b, ",\"detail\":");
        json_add_string(&b, d->rejections[i].detail);
        buf_add_char(&b, '}');
    }
    buf_add_str(&b, "]}\n");
    http_reply(d->request, 202, "application/json", b.data, b.length);
}

static void reply_busy(struct http_request *request)
{
    problem_say(request, ERR_BUSY, "", "too many events are waiting; send them again in a moment");
}

static void on_ingested(struct ingest_request *ingest, enum err err)
{
    struct delivery *d = ingest->arg;
    if (err)
        counter_events_end(err == ERR_BUSY ? COUNTER_EVENTS_BUSY : COUNTER_EVENTS_UNAVAILABLE,
                           ingest->count);
    if (err == ERR_BUSY)
        reply_busy(d->request);
    else if (err)
        problem_say(d->request, err, "",
                    "events cannot be stored at the moment; send them again, ids make that safe");
    else
        reply_statuses(d);
}

static enum err find_list(struct delivery *d, json_t *body, json_t **ret_list, struct fault *fault)
{
    json_t *events = json_is_object(body) ? json_member(body, "events") : NULL;
    d->list_pointer = "";
    if (json_is_array(body)) {
        *ret_list = body;
    } else if (events) {
        d->list_pointer = "/events";
        *ret_list = events;
    } else if (json_is_object(body)) {
        d->is_alone = true;
        return ERR_OK;
    } else {
        return fault_set(fault, ERR_INVALID, "",
                         "the body must be an event, an array of events, or {\"events\":[…]}");
    }
    if (!json_is_array(*ret_list))
        return fault_set(fault, ERR_INVALID, d->list_pointer, "must be an array of events");
    if (json_array_size(*ret_list) > EVENTS_MAX)
        return fault_set(fault, ERR_TOO_LARGE, d->list_pointer, "holds more than %d events",
                         EVENTS_MAX);
    return ERR_OK;
}

static enum err read_skew(struct event_rules *rules, const json_t *body, struct fault *fault)
{
    const json_t *sent_at = json_is_object(body) ? json_member(body, "sent_at") : NULL;
    int64_t sent_us;
    if (!sent_at)
        return ERR_OK;
    if (!json_is_string(sent_at) ||
        !clock_parse(json_string_value(sent_at), json_string_length(sent_at), &sent_us))
        return fault_set(fault, ERR_INVALID, "/sent_at", "must be a time as in RFC 3339");
    int64_t skew_us = rules->now_us - sent_us;
    bool is_off = skew_us > SKEW_TOLERATED_US || skew_us < -SKEW_TOLERATED_US;
    rules->skew_us = is_off && !rules->has_backfill ? skew_us : 0;
    return ERR_OK;
}

static enum claim claim_of(const struct delivery *d, const struct event_rules *rules,
                           const struct visitor_event *event)
{
    if (!rules->is_public || !event->campaign)
        return CLAIM_FITS;
    return decide_claim(d->request->arena, rules->snapshot, event->campaign, event->visitor_id,
                        event->variant, rules->now_us);
}

/* What anybody says of an exposure is judged by the visitor's buckets. One who is outside may be in
 * by a newer snapshot, as long as there may be one. */
static enum err read_event(const struct delivery *d, const struct event_rules *rules,
                           json_t *object, struct visitor_event *ret, struct fault *fault)
{
    enum err e = visitor_event_read(rules, d->request->arena, object, ret, fault);
    enum claim claim = e ? CLAIM_FITS : claim_of(d, rules, ret);
    if (claim == CLAIM_OTHER)
        return fault_set(fault, ERR_INVALID, "/properties/variant",
                         "the bucket of this visitor belongs to another variant");
    if (claim == CLAIM_OUTSIDE && rules->is_newest)
        return fault_set(fault, ERR_INVALID, "/properties/campaign",
                         "this visitor is not in the campaign: by coverage, layer or holdout");
    return e;
}

static bool is_outside(const struct delivery *d, const struct event_rules *rules, json_t *object)
{
    struct visitor_event event;
    struct fault fault;
    return rules->is_public && visitor_event_is_exposure(object) &&
           !visitor_event_read(rules, d->request->arena, object, &event, &fault) &&
           claim_of(d, rules, &event) == CLAIM_OUTSIDE;
}

static void read_events(struct delivery *d, struct ingest *in, const struct event_rules *rules,
                        json_t *list, json_t *alone)
{
    struct arena *arena = d->request->arena;
    size_t count = alone ? 1 : json_array_size(list);
    size_t junk_count = 0;
    struct visitor_event *events = arena_alloc(arena, count * sizeof(*events));
    d->indexes = arena_alloc(arena, count * sizeof(*d->indexes));
    d->rejections = arena_alloc(arena, count * sizeof(*d->rejections));
    d->ingest.statuses = arena_zalloc(arena, count * sizeof(*d->ingest.statuses));
    d->ingest.refusals = arena_zalloc(arena, count * sizeof(*d->ingest.refusals));
    d->ingest.events = events;
    for (size_t i = 0; i < count; i++) {
        struct fault fault;
        json_t *object = alone ? alone : json_array_get(list, i);
        if (!read_event(d, rules, object, &events[d->ingest.count], &fault)) {
            d->indexes[d->ingest.count++] = i;
            continue;
        }
        junk_count += visitor_event_is_junk(rules, object);
        ingest_refuse(in, rules->snapshot->environment_id, &fault, object);
        add_rejection(d, i, &fault);
    }
    counter_events_come(count);
    counter_events_end(COUNTER_EVENTS_JUNK, junk_count);
    counter_events_end(COUNTER_EVENTS_INVALID, d->rejection_count - junk_count);
}

static bool is_ahead(const struct delivery *d, const struct event_rules *rules, const json_t *list,
                     json_t *alone)
{
    bool is = alone && (visitor_event_is_ahead(rules, alone) || is_outside(d, rules, alone));
    for (size_t i = 0; i < json_array_size(list) && !is; i++) {
        json_t *object = json_array_get(list, i);
        is = visitor_event_is_ahead(rules, object) || is_outside(d, rules, object);
    }
    return is;
}

static void on_confirmed(void *arg, bool is_newest);

/* True: the request goes on later. The tree is not kept meanwhile: it may be large. */
static bool waits_for_snapshot(struct delivery *d, const struct event_rules *rules,
                               const json_t *list, json_t *alone)
{
    if (d->has_waited || !is_ahead(d, rules, list, alone))
        return false;
    d->has_waited = true;
    d->is_repaired = rules->is_repaired;
    d->wait = (struct snapshot_wait){.fn = on_confirmed, .arg = d};
    snapshot_feed_confirm(d->edge->feed, &d->wait);
    return true;
}

static void deliver(struct delivery *d)
{
    struct http_request *request = d->request;
    const struct edge_request *context = request->user;
    struct fault fault;
    struct event_rules rules = {.snapshot = context->key->snapshot,
                                .is_public = context->key->role == ROLE_CLIENT,
                                .has_backfill = context->key->has_backfill,
                                .is_newest = d->is_newest,
                                .now_us = clock_wall_us()};
    json_t *list = NULL;
    auto_json json_t *body =
        json_parse(request->body, request->body_bytes, &limits, &rules.is_repaired, &fault);
    rules.is_repaired = rules.is_repaired || d->is_repaired;
    if (!body || find_list(d, body, &list, &fault) || read_skew(&rules, body, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    json_t *alone = d->is_alone ? body : NULL;
    if (!d->has_waited && !guard_admit_events(d->edge->guard, request, context->key,
                                              alone ? 1 : json_array_size(list)))
        return;
    if (waits_for_snapshot(d, &rules, list, alone))
        return;
    read_events(d, d->edge->ingest, &rules, list, alone);
    d->ingest.environment_id = rules.snapshot->environment_id;
    d->ingest.arena = request->arena;
    d->ingest.fn = on_ingested;
    d->ingest.arg = d;
    ingest_send(d->edge->ingest, &d->ingest);
}

/* The key is looked up again: the snapshot may be another one, and the key be gone with it. */
static void on_confirmed(void *arg, bool is_newest)
{
    struct delivery *d = arg;
    struct fault fault;
    d->is_newest = is_newest;
    if (edge_access(d->edge, d->request, d->request->user, &fault))
        problem_reply(d->request, &fault);
    else
        deliver(d);
}

void edge_events(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct edge *e = arg;
    /* Refusing must cost next to nothing, or it would take from those who are served. */
    if (ingest_is_full(e->ingest)) {
        reply_busy(request);
        return;
    }
    struct delivery *d = arena_zalloc(request->arena, sizeof(*d));
    d->request = request;
    d->edge = e;
    deliver(d);
}
