// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/process/counter.h"
#include "decide/decide.h"
#include "model/event/event_time.h"

#include <string.h>

#define EVENTS_MAX 500

static const struct json_limits limits = {
    .bytes = 16u * 1024 * 1024, .depth = 16, .nodes = 200000, .caps_numbers = true};

_Static_assert(COUNTER_EVENTS_REFUSED - COUNTER_EVENTS_INVALID == (int)REFUSAL_DATABASE,
               "refusals are counted in the order of enum refusal");

struct rejection {
    size_t index;
    enum refusal why;
    const char *pointer, *detail;
};

enum verdict {
    VERDICT_NONE, /* only a newer snapshot can tell */
    VERDICT_TAKEN,
    VERDICT_REFUSED
};

/* What became of one event when it was read. */
struct judged {
    enum verdict verdict;
    enum refusal why; /* when it was refused, with where and a sentence */
    const char *pointer, *detail;
    struct visitor_event event;
};

/* One request while its events are on their way. Lives in the request's arena. */
struct delivery {
    struct http_request *request;
    struct ingest_request ingest;
    bool is_alone;            /* the body was one event, not a list */
    const char *list_pointer; /* "/events" or "" */
    struct event_rules rules;
    int64_t behind_us;     /* sent_at is behind the clock here */
    struct judged *judged; /* one for each event of the request */
    size_t count;
    size_t *indexes; /* index in the request of each event sent on */
    struct rejection *rejections;
    size_t rejection_count;
    const char *own; /* currency of the environment: the snapshot may go while events wait */
    struct edge *edge;
    struct snapshot_wait wait; /* for a snapshot that knows the campaigns it speaks of */
};

/* The texts live in the request's arena. */
static void add_rejection(struct delivery *d, struct rejection row)
{
    if (!d->is_alone)
        row.pointer =
            arena_printf(d->request->arena, "%s/%zu%s", d->list_pointer, row.index, row.pointer);
    d->rejections[d->rejection_count++] = row;
}

static void write_rejection(struct buf *b, const struct rejection *row)
{
    buf_printf(b, "{\"index\":%zu,\"reason\":\"%s\",\"pointer\":", row->index,
               refusal_keys[row->why]);
    json_add_string(b, row->pointer);
    buf_add_str(b, ",\"detail\":");
    json_add_string(b, row->detail);
    buf_add_char(b, '}');
}

/* Events that were stored, but whose money cannot be converted yet: said while somebody looks. */
static void write_warnings(const struct delivery *d, struct buf *b)
{
    bool has_any = false;
    for (size_t i = 0; i < d->ingest.count; i++) {
        const struct visitor_event *event = &d->ingest.events[i];
        if (!event->unrated || d->ingest.statuses[i] == INGEST_REFUSED)
            continue;
        buf_add_str(b, has_any ? "," : ",\"warnings\":[");
        buf_printf(b, "{\"index\":%zu,\"reason\":\"no_rate\",\"pointer\":\"", d->indexes[i]);
        if (!d->is_alone)
            buf_printf(b, "%s/%zu", d->list_pointer, d->indexes[i]);
        buf_printf(
            b,
            "/properties/currency\",\"detail\":\"this environment counts in %s, and there is "
            "no rate of %s for that day: the event counts, its money does not, until there "
            "is one\"}",
            d->own, event->unrated);
        has_any = true;
    }
    if (has_any)
        buf_add_char(b, ']');
}

static void reply_statuses(struct delivery *d)
{
    size_t accepted = 0, duplicate = 0;
    for (size_t i = 0; i < d->ingest.count; i++) {
        accepted += d->ingest.statuses[i] == INGEST_ACCEPTED;
        duplicate += d->ingest.statuses[i] == INGEST_DUPLICATE;
        if (d->ingest.statuses[i] == INGEST_REFUSED)
            add_rejection(
                d, (struct rejection){d->indexes[i], REFUSAL_DATABASE, "", d->ingest.refusals[i]});
    }
    counter_events_end(COUNTER_EVENTS_ACKED, accepted);
    counter_events_end(COUNTER_EVENTS_DUPLICATE, duplicate);
    counter_events_end(COUNTER_EVENTS_REFUSED, d->ingest.count - accepted - duplicate);
    auto_buf struct buf b = {0};
    buf_printf(&b, "{\"accepted\":%zu,\"duplicate\":%zu,\"rejected\":[", accepted, duplicate);
    for (size_t i = 0; i < d->rejection_count; i++) {
        if (i > 0)
            buf_add_char(&b, ',');
        write_rejection(&b, &d->rejections[i]);
    }
    buf_add_char(&b, ']');
    write_warnings(d, &b);
    buf_add_str(&b, "}\n");
    http_reply(d->request, 202, "application/json", b.data, b.length);
}

static void reply_busy(struct http_request *request)
{
    problem_say(request, ERR_BUSY, "", "too many events are waiting; send them again in a moment");
}

/* They are sent again, and counted each time. */
static void note_put_off(struct delivery *d, enum err err)
{
    struct fault fault;
    fault_set(&fault, err, "",
              err == ERR_BUSY ? "too many events were waiting"
                              : "neither the database nor the spool took it");
    for (size_t i = 0; i < d->ingest.count; i++)
        ingest_refuse_named(d->edge->ingest, d->ingest.environment_id,
                            err == ERR_BUSY ? REFUSAL_BUSY : REFUSAL_UNAVAILABLE, &fault,
                            d->ingest.events[i].name);
}

static void on_ingested(struct ingest_request *ingest, enum err err)
{
    struct delivery *d = ingest->arg;
    if (err)
        note_put_off(d, err);
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

static bool set_right(void *arg, const char *visitor_id, int64_t told_us, int64_t *ret_us)
{
    const struct delivery *d = arg;
    const struct ingest_sender sender = {.visitor_id = visitor_id,
                                         .environment_id = d->rules.snapshot->environment_id,
                                         .is_public = d->rules.is_public};
    return ingest_clocks_right(d->edge->options.clocks, &sender, d->behind_us, told_us, ret_us);
}

/* Who writes past days has read them somewhere: no clock of today says anything of them. */
static enum err read_sent_at(struct delivery *d, const json_t *body, struct fault *fault)
{
    const json_t *sent_at = json_is_object(body) ? json_member(body, "sent_at") : NULL;
    int64_t sent_us;
    if (!sent_at)
        return ERR_OK;
    if (!event_time_read(sent_at, &sent_us))
        return fault_set(fault, ERR_INVALID, "/sent_at", EVENT_TIME_WANTED);
    d->behind_us = d->rules.now_us - sent_us;
    d->rules.clock_fn = d->rules.has_backfill ? NULL : set_right;
    d->rules.clock_arg = d;
    return ERR_OK;
}

/* What anybody says of an exposure is judged by the visitor's buckets. One who is outside may be in
 * by a newer snapshot, as long as there may be one. */
static enum err check_claim(const struct delivery *d, const struct visitor_event *event,
                            struct fault *fault)
{
    const struct event_rules *rules = &d->rules;
    if (!rules->is_public || !event->campaign)
        return ERR_OK;
    enum claim claim = decide_claim(d->request->arena, rules->snapshot, event->campaign,
                                    event->visitor_id, event->variant, rules->now_us);
    if (claim == CLAIM_OTHER)
        return fault_set(fault, ERR_INVALID, "/properties/variant",
                         "the bucket of this visitor belongs to another variant");
    if (claim == CLAIM_OUTSIDE && (rules->is_newest || rules->can_wait))
        return fault_set(fault, rules->can_wait ? ERR_STALE : ERR_INVALID, "/properties/campaign",
                         "this visitor is not in the campaign: by coverage, layer or holdout");
    return ERR_OK;
}

static void judge(struct delivery *d, json_t *object, struct judged *ret)
{
    struct arena *arena = d->request->arena;
    struct fault fault;
    enum err e = visitor_event_read(&d->rules, arena, object, &ret->event, &ret->why, &fault);
    if (!e) {
        ret->why = REFUSAL_ALLOTMENT;
        e = check_claim(d, &ret->event, &fault);
    }
    ret->verdict = e == ERR_STALE ? VERDICT_NONE : e ? VERDICT_REFUSED : VERDICT_TAKEN;
    if (ret->verdict == VERDICT_REFUSED) {
        ret->pointer = arena_strdup(arena, fault.pointer);
        ret->detail = arena_strdup(arena, fault.detail);
    }
}

static json_t *event_at(const json_t *list, json_t *alone, size_t i)
{
    return alone ? alone : json_array_get(list, i);
}

/* Judges each event that has not been. Returns false when a newer snapshot is needed for some. */
static bool judge_all(struct delivery *d, const json_t *list, json_t *alone)
{
    bool are_all = true;
    for (size_t i = 0; i < d->count; i++) {
        if (d->judged[i].verdict == VERDICT_NONE)
            judge(d, event_at(list, alone, i), &d->judged[i]);
        are_all = are_all && d->judged[i].verdict != VERDICT_NONE;
    }
    return are_all;
}

static void refuse(struct delivery *d, size_t index, const json_t *object)
{
    const struct judged *judged = &d->judged[index];
    struct fault fault;
    fault_set(&fault, ERR_INVALID, judged->pointer, "%s", judged->detail);
    ingest_refuse(d->edge->ingest, d->rules.snapshot->environment_id, judged->why, &fault, object);
    counter_events_end(COUNTER_EVENTS_INVALID + judged->why, 1);
    add_rejection(d, (struct rejection){index, judged->why, judged->pointer, judged->detail});
}

/* All are judged: what was taken goes on, what was refused is counted and told. */
static void sort_out(struct delivery *d, const json_t *list, json_t *alone)
{
    struct arena *arena = d->request->arena;
    struct visitor_event *events = arena_alloc(arena, d->count * sizeof(*events));
    d->indexes = arena_alloc(arena, d->count * sizeof(*d->indexes));
    d->rejections = arena_alloc(arena, d->count * sizeof(*d->rejections));
    d->ingest.statuses = arena_zalloc(arena, d->count * sizeof(*d->ingest.statuses));
    d->ingest.refusals = arena_zalloc(arena, d->count * sizeof(*d->ingest.refusals));
    d->ingest.events = events;
    counter_events_come(d->count);
    for (size_t i = 0; i < d->count; i++) {
        if (d->judged[i].verdict == VERDICT_TAKEN) {
            events[d->ingest.count] = d->judged[i].event;
            d->indexes[d->ingest.count++] = i;
        } else {
            refuse(d, i, event_at(list, alone, i));
        }
    }
}

static void send_on(struct delivery *d)
{
    d->ingest.environment_id = d->rules.snapshot->environment_id;
    d->ingest.arena = d->request->arena;
    d->own = arena_strdup(d->request->arena, d->rules.snapshot->currency);
    d->ingest.fn = on_ingested;
    d->ingest.arg = d;
    ingest_send(d->edge->ingest, &d->ingest);
}

static json_t *parse(struct delivery *d, json_t **ret_list, struct fault *fault)
{
    bool is_repaired = false;
    json_t *body =
        json_parse(d->request->body, d->request->body_bytes, &limits, &is_repaired, fault);
    d->rules.is_repaired = d->rules.is_repaired || is_repaired;
    if (!body || !find_list(d, body, ret_list, fault))
        return body;
    json_decref(body);
    return NULL;
}

static void on_confirmed(void *arg, bool is_newest);

/* Each event is read once. Those that only a newer snapshot can judge are read again when it may
 * have come; until then the tree is not kept, it may be large, and nothing is counted, for the key
 * may go meanwhile. */
static void deliver(struct delivery *d)
{
    struct fault fault;
    json_t *list = NULL;
    auto_json json_t *body = parse(d, &list, &fault);
    if (!body || read_sent_at(d, body, &fault)) {
        /* What is too large is counted where it is answered. */
        if (fault.code != ERR_TOO_LARGE)
            ingest_refuse(d->edge->ingest, d->rules.snapshot->environment_id, REFUSAL_UNREADABLE,
                          &fault, NULL);
        problem_reply(d->request, &fault);
        return;
    }
    json_t *alone = d->is_alone ? body : NULL;
    const struct edge_request *context = d->request->user;
    if (!d->judged) {
        struct edge *e = d->edge;
        const struct edge_request asked = *context; /* both go with the answer */
        d->count = alone ? 1 : json_array_size(list);
        if (!guard_admit_events(d->edge->guard, d->request, context->key, d->count)) {
            edge_note_refused(e, &asked, REFUSAL_QUOTA,
                              "the key has sent its events of the day (UTC)");
            return;
        }
        d->judged = arena_zalloc(d->request->arena, d->count * sizeof(*d->judged));
    }
    if (!judge_all(d, list, alone)) {
        d->wait = (struct snapshot_wait){.fn = on_confirmed, .arg = d};
        snapshot_feed_confirm(d->edge->feed, &d->wait);
        return;
    }
    sort_out(d, list, alone);
    send_on(d);
}

/* The key is looked up again: the snapshot may be another one, and the key be gone with it. */
static void on_confirmed(void *arg, bool is_newest)
{
    struct delivery *d = arg;
    const struct edge_request *context = d->request->user;
    struct fault fault;
    if (edge_access(d->edge, d->request, d->request->user, &fault)) {
        edge_refuse(d->edge, d->request, &fault);
        return;
    }
    d->rules.snapshot = context->key->snapshot;
    d->rules.is_newest = is_newest;
    d->rules.can_wait = false;
    deliver(d);
}

void edge_events(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct edge *e = arg;
    /* Refusing must cost next to nothing, or it would take from those who are served. */
    if (ingest_is_full(e->ingest)) {
        edge_note_refused(e, request->user, REFUSAL_BUSY, "too many events were waiting");
        reply_busy(request);
        return;
    }
    struct delivery *d = arena_zalloc(request->arena, sizeof(*d));
    d->request = request;
    d->edge = e;
    const struct edge_request *context = request->user;
    d->rules = (struct event_rules){.snapshot = context->key->snapshot,
                                    .is_public = context->key->role == ROLE_CLIENT,
                                    .has_backfill = context->key->has_backfill,
                                    .can_wait = true,
                                    .now_us = clock_wall_us()};
    deliver(d);
}
