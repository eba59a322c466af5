// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/decision.h"
#include "api/edge_private.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/json.h"
#include "engine/decide.h"
#include "engine/question.h"

#include <string.h>

/* A reply beyond it does not stay in memory. */
#define REPLY_KEPT_BYTES (256 * 1024)

struct answer {
    struct arena *arena;
    const struct snapshot *snapshot;
    const struct snapshot_environment *environment;
    struct question question;
    bool is_explained;
    bool is_for_page;
    struct decide decide;
    const struct buf_slice **flags; /* by flag; NULL: no campaign has set it */
    struct buf *reply;
};

static void add_slice(struct buf *b, struct buf_slice slice)
{
    buf_add(b, slice.text, slice.length);
}

/* Campaigns come by priority: the first that sets a flag wins. */
static void take_flags(struct answer *a, const struct decision *d)
{
    const struct snapshot_variant *v = &d->campaign->variants[d->variant];
    for (size_t i = 0; i < v->flag_count; i++)
        if (!a->flags[v->flags[i].flag])
            a->flags[v->flags[i].flag] = &v->flags[i].rendered;
}

static void answer_campaign(struct answer *a, const struct snapshot_campaign *c)
{
    struct decision d = decide_campaign(&a->decide, c);
    decision_write(a->reply, &d, a->is_explained);
    if (d.variant >= 0)
        take_flags(a, &d);
}

static bool is_named(const struct answer *a, const struct snapshot_campaign *c)
{
    const json_t *names = a->question.campaigns;
    for (size_t i = 0; i < json_array_size(names); i++)
        if (strcmp(json_string_value(json_array_get(names, i)), c->key) == 0)
            return true;
    return false;
}

static void answer_unknown(struct answer *a)
{
    const json_t *names = a->question.campaigns;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *key = json_string_value(json_array_get(names, i));
        if (snapshot_find_campaign(a->environment, key))
            continue;
        buf_add_str(a->reply, ",{\"campaign\":");
        json_add_string(a->reply, key);
        buf_add_str(a->reply, ",\"phase\":null,\"variant\":null,\"reason\":\"unknown_campaign\"}");
    }
}

static void answer_named(struct answer *a)
{
    for (size_t i = 0; i < a->environment->campaign_count; i++)
        if (is_named(a, &a->environment->campaigns[i]))
            answer_campaign(a, &a->environment->campaigns[i]);
    answer_unknown(a);
}

static void answer_running(struct answer *a)
{
    decide_hash_all(&a->decide, a->arena);
    for (size_t i = 0; i < a->environment->running_count; i++)
        answer_campaign(a, a->environment->running[i]);
}

static void answer_flags(struct answer *a)
{
    struct buf *b = a->reply;
    buf_add_str(b, ",\"flags\":");
    size_t begin = b->length;
    for (size_t i = 0; i < a->environment->flag_count; i++) {
        const struct snapshot_flag *flag = &a->environment->flags[i];
        add_slice(b, a->flags[i] ? *a->flags[i] : flag->rendered_default);
    }
    decision_end_list(b, begin, "{}");
    if (a->is_for_page)
        add_slice(b, a->environment->page);
    buf_add_str(b, "}\n");
}

static void answer(struct answer *a)
{
    a->flags = arena_zalloc(a->arena, a->environment->flag_count * sizeof(*a->flags));
    buf_add_str(a->reply, "{\"visitor_id\":");
    json_add_string(a->reply, a->question.visitor_id);
    add_slice(a->reply, a->snapshot->rendered);
    size_t begin = a->reply->length;
    decide_init(&a->decide, a->arena, a->environment, a->question.visitor_id,
                a->question.attributes, clock_wall_us());
    if (a->question.campaigns)
        answer_named(a);
    else
        answer_running(a);
    decision_end_list(a->reply, begin, "[]");
    answer_flags(a);
}

static enum err read_query(struct answer *a, const struct http_request *request,
                           struct fault *fault)
{
    enum err e = ERR_OK;
    if (!request->query[0])
        return ERR_OK;
    const char *explain = http_query(request, "explain", &e);
    const char *page = http_query(request, "page", &e);
    a->is_explained = explain && strcmp(explain, "1") == 0;
    a->is_for_page = page && strcmp(page, "1") == 0;
    return e ? fault_set(fault, e, "", "the query holds a bad escape: it cannot be read") : ERR_OK;
}

void edge_decide(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct edge *e = arg;
    const struct edge_request *context = request->user;
    struct fault fault;
    struct answer a = {.arena = request->arena,
                       .snapshot = context->snapshot,
                       .environment = context->key->environment,
                       .reply = &e->decide_reply};
    if (question_read(&a.question, request->arena, a.environment, request->body,
                      request->body_bytes, &fault) ||
        read_query(&a, request, &fault)) {
        problem_reply(request, &fault);
    } else {
        buf_clear(a.reply);
        answer(&a);
        http_reply(request, 200, "application/json", a.reply->data, a.reply->length);
    }
    question_done(&a.question);
    if (a.reply->capacity > REPLY_KEPT_BYTES)
        buf_done(a.reply);
}
