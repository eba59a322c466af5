// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge_private.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/json.h"
#include "engine/decide.h"

#include <string.h>

#define CAMPAIGNS_NAMED_MAX 1000

static const struct json_limits limits = {.bytes = 1024 * 1024, .depth = 16, .nodes = 20000};

struct question {
    struct arena *arena;
    const struct snapshot *snapshot;
    const struct snapshot_environment *environment;
    const char *visitor_id;
    const json_t *attributes;
    const json_t *campaigns; /* NULL: all */
    bool is_explained;
    struct decide decide;
    const struct buf_slice **rendered; /* by flag; NULL: no campaign has set it */
    struct buf *reply;
};

static void add_slice(struct buf *b, struct buf_slice slice)
{
    buf_add(b, slice.text, slice.length);
}

static void add_step(struct buf *b, const struct decision *d, const char *step, bool has_passed)
{
    json_add_comma(b);
    buf_printf(b, "{\"step\":\"%s\",", step);
    if (strcmp(step, "bucket") == 0) {
        buf_printf(b, "\"bucket\":%d,\"coverage\":", d->bucket);
        json_add_number(b, d->campaign->coverage);
        buf_add_char(b, ',');
    }
    buf_printf(b, "\"passed\":%s}", has_passed ? "true" : "false");
}

/* The steps in the order of decide_campaign, up to the one that decided. */
static void add_trace(struct buf *b, const struct decision *d)
{
    static const struct {
        enum reason no;
        const char *step;
    } steps[] = {{REASON_NOT_RUNNING, "running"}, {REASON_PANIC, "panic"},
                 {REASON_SCHEDULE, "schedule"},   {REASON_FORCED, "forced"},
                 {REASON_HOLDOUT, "holdout"},     {REASON_LAYER, "layer"},
                 {REASON_AUDIENCE, "audience"},   {REASON_COVERAGE, "bucket"}};
    buf_add_str(b, ",\"trace\":[");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        bool is_last = steps[i].no == d->reason;
        if (steps[i].no != REASON_PANIC && steps[i].no != REASON_FORCED)
            add_step(b, d, steps[i].step, !is_last);
        else if (is_last)
            add_step(b, d, steps[i].step, d->variant >= 0);
        if (is_last)
            break;
    }
    buf_add_char(b, ']');
}

static void add_decision(struct question *q, const struct decision *d)
{
    struct buf *b = q->reply;
    json_add_comma(b);
    if (d->reason == REASON_BUCKET && !q->is_explained) {
        add_slice(b, d->campaign->variants[d->variant].served);
        return;
    }
    add_slice(b, d->campaign->rendered);
    if (d->variant >= 0)
        add_slice(b, d->campaign->variants[d->variant].rendered);
    else
        buf_add(b, "\"variant\":null", 14);
    buf_add(b, ",\"reason\":\"", 11);
    buf_add_str(b, reason_name(d->reason));
    buf_add_char(b, '"');
    if (q->is_explained)
        add_trace(b, d);
    buf_add_char(b, '}');
}

/* Campaigns come by priority: the first that sets a flag wins. */
static void take_flags(struct question *q, const struct decision *d)
{
    const struct snapshot_variant *v = &d->campaign->variants[d->variant];
    for (size_t i = 0; i < v->flag_count; i++)
        if (!q->rendered[v->flags[i].flag])
            q->rendered[v->flags[i].flag] = &v->flags[i].rendered;
}

static void answer_campaign(struct question *q, const struct snapshot_campaign *c)
{
    struct decision d = decide_campaign(&q->decide, c);
    add_decision(q, &d);
    if (d.variant >= 0)
        take_flags(q, &d);
}

static bool is_named(const struct question *q, const struct snapshot_campaign *c)
{
    for (size_t i = 0; i < json_array_size(q->campaigns); i++)
        if (strcmp(json_string_value(json_array_get(q->campaigns, i)), c->key) == 0)
            return true;
    return false;
}

static void answer_unknown(struct question *q)
{
    for (size_t i = 0; i < json_array_size(q->campaigns); i++) {
        const char *key = json_string_value(json_array_get(q->campaigns, i));
        if (snapshot_find_campaign(q->environment, key))
            continue;
        json_add_comma(q->reply);
        buf_add_str(q->reply, "{\"campaign\":");
        json_add_string(q->reply, key);
        buf_add_str(q->reply, ",\"phase\":null,\"variant\":null,\"reason\":\"unknown_campaign\"}");
    }
}

static void answer_named(struct question *q)
{
    for (size_t i = 0; i < q->environment->campaign_count; i++)
        if (is_named(q, &q->environment->campaigns[i]))
            answer_campaign(q, &q->environment->campaigns[i]);
    answer_unknown(q);
}

static void answer_running(struct question *q)
{
    decide_hash_all(&q->decide, q->arena);
    for (size_t i = 0; i < q->environment->running_count; i++)
        answer_campaign(q, q->environment->running[i]);
}

static void answer_flags(struct question *q)
{
    struct buf *b = q->reply;
    buf_add_str(b, "],\"flags\":{");
    for (size_t i = 0; i < q->environment->flag_count; i++) {
        const struct snapshot_flag *flag = &q->environment->flags[i];
        if (i > 0)
            buf_add_char(b, ',');
        add_slice(b, flag->rendered_key);
        add_slice(b, q->rendered[i] ? *q->rendered[i] : flag->rendered_default);
    }
    buf_add_str(b, "}}\n");
}

static void answer(struct question *q)
{
    buf_add_str(q->reply, "{\"visitor_id\":");
    json_add_string(q->reply, q->visitor_id);
    add_slice(q->reply, q->snapshot->rendered);
    if (q->campaigns)
        answer_named(q);
    else
        answer_running(q);
    answer_flags(q);
}

static enum err read_campaigns(const json_t *list, struct fault *fault)
{
    if (!json_is_array(list) || json_array_size(list) > CAMPAIGNS_NAMED_MAX)
        return fault_set(fault, ERR_INVALID, "/campaigns",
                         "must be an array of at most %d campaign keys", CAMPAIGNS_NAMED_MAX);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_string(json_array_get(list, i))) {
            char pointer[64] = "/campaigns";
            pointer_push_index(pointer, sizeof(pointer), i);
            return fault_set(fault, ERR_INVALID, pointer, "must be a campaign's key");
        }
    return ERR_OK;
}

static enum err read_explain(struct question *q, const struct http_request *request,
                             struct fault *fault)
{
    enum err e = ERR_OK;
    const char *explain = request->query[0] ? http_query(request, "explain", &e) : NULL;
    q->is_explained = explain && strcmp(explain, "1") == 0;
    return e ? fault_set(fault, e, "", "the query holds a bad escape: explain cannot be read")
             : ERR_OK;
}

static enum err read_question(struct question *q, const json_t *body, bool is_repaired,
                              struct fault *fault)
{
    if (!json_is_object(body))
        return fault_set(fault, ERR_INVALID, "", "the body must be an object");
    const json_t *id = json_object_get(body, "visitor_id");
    if (!json_is_string(id) || !text_is_id(json_string_value(id), json_string_length(id)))
        return fault_set(fault, ERR_INVALID, "/visitor_id",
                         id ? "must be 1 to 256 bytes of printable text"
                            : "is missing: whose decision is it?");
    if (is_repaired && strstr(json_string_value(id), "\xef\xbf\xbd"))
        return fault_set(fault, ERR_INVALID, "/visitor_id", "holds a lone surrogate");
    q->visitor_id = json_string_value(id);
    q->attributes = json_object_get(body, "attributes");
    if (q->attributes && !json_is_object(q->attributes))
        return fault_set(fault, ERR_INVALID, "/attributes", "must be an object");
    q->campaigns = json_object_get(body, "campaigns");
    return q->campaigns ? read_campaigns(q->campaigns, fault) : ERR_OK;
}

void edge_decide(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    const struct edge_request *context = request->user;
    struct fault fault;
    bool is_repaired = false;
    struct question q = {.arena = request->arena,
                         .snapshot = context->snapshot,
                         .environment = context->key->environment};
    auto_json json_t *body =
        json_parse(request->body, request->body_bytes, &limits, &is_repaired, &fault);
    if (!body || read_question(&q, body, is_repaired, &fault) ||
        read_explain(&q, request, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    auto_json json_t *none = q.attributes ? NULL : json_object();
    auto_buf struct buf reply = {0};
    q.reply = &reply;
    q.rendered = arena_zalloc(request->arena, q.environment->flag_count * sizeof(*q.rendered));
    buf_reserve(&reply, 4096);
    decide_init(&q.decide, request->arena, q.environment, q.visitor_id, none ? none : q.attributes,
                clock_wall_us());
    answer(&q);
    http_reply(request, 200, "application/json", reply.data, reply.length);
}
