// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/audience.h"

#include "api/route/desk_request.h"
#include "api/route/desk_work.h"
#include "api/route/problem.h"
#include "base/mem.h"
#include "engine/audience/audience.h"

#define NUMBER(name_, meaning_)                                                                    \
    {                                                                                              \
        .name = name_, .kind = FIELD_NUMBER, .meaning = meaning_                                   \
    }
#define HEAD                                                                                       \
    NUMBER("visitors", "of the last days"), NUMBER("sampled", "of them that were looked at"),      \
        NUMBER("days", "that were looked at")

static const struct field asked_fields[] = {
    {.name = "condition",
     .kind = FIELD_ANY,
     .meaning = "as in a campaign's audience; null: everybody"},
    {0},
};

static const struct field name = {.kind = FIELD_TEXT};

static const struct field estimate_fields[] = {
    HEAD,
    NUMBER("matching", "visitors that match, by what their events told of them"),
    NUMBER("share", "of all; null: there are none"),
    NUMBER("low", "of the share's 95 % interval"),
    NUMBER("high", "of the share's 95 % interval"),
    {.name = "unknown",
     .kind = FIELD_LIST,
     .of = &name,
     .meaning = "attributes that no event told: sites may know them when they ask for a decision, "
                "but how many will match cannot be known"},
    {0},
};

static const struct field value_fields[] = {
    {.name = "value", .kind = FIELD_ANY, .meaning = "text, number or truth value"},
    NUMBER("share", "of all visitors"),
    {0},
};
static const struct field value = {.kind = FIELD_OBJECT, .of = value_fields};

static const struct field attribute_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .meaning = "as conditions call it"},
    {.name = "type", .kind = FIELD_TEXT, .meaning = "string, number or boolean"},
    NUMBER("share", "of visitors of whom it is known"),
    {.name = "values", .kind = FIELD_LIST, .of = &value, .meaning = "the most frequent ones"},
    {0},
};
static const struct field attribute = {.kind = FIELD_OBJECT, .of = attribute_fields};

static const struct field attributes_fields[] = {
    HEAD,
    {.name = "attributes",
     .kind = FIELD_LIST,
     .of = &attribute,
     .meaning = "what events told of visitors, what is known of most first"},
    {0},
};

/* One question; what the thread works on is its own. */
struct asked {
    struct desk_request *desk;
    struct audience_sample *sample;
    json_t *body; /* NULL: asked for the attributes */
    struct buf out;
    struct fault fault;
    enum err error;
};

static void asked_free(struct asked *q)
{
    if (q->sample)
        audience_sample_unref(q->sample);
    json_decref(q->body);
    buf_done(&q->out);
    mem_free(q);
}

static void work(void *arg)
{
    struct asked *q = arg;
    if (!q->body)
        audience_write_attributes(q->sample, &q->out);
    else
        q->error = audience_estimate(q->sample, json_object_get(q->body, "condition"),
                                     AUDIENCE_BUDGET_US, &q->out, &q->fault);
}

static void reply(void *arg)
{
    struct asked *q = arg;
    if (q->error) {
        fault_prefix(&q->fault, "/condition");
        problem_reply(q->desk->http, &q->fault);
    } else {
        buf_add_char(&q->out, '\n');
        desk_reply_json(q->desk, 200, q->out.data, q->out.length);
    }
    asked_free(q);
}

static void on_sample(void *arg, struct audience_sample *sample, const struct pg_answer *answer)
{
    struct asked *q = arg;
    if (sample) {
        q->sample = audience_sample_ref(sample);
        if (desk_work_send(q->desk, work, reply, q))
            return;
    } else {
        desk_reply_failed(q->desk, answer);
    }
    asked_free(q);
}

/* Takes 'body'. */
static void ask(struct desk_request *r, json_t *body)
{
    struct asked *q = mem_zalloc(sizeof(*q));
    q->desk = r;
    q->body = body;
    audience_ask(r->desk->audience, r->environment_id, on_sample, q);
}

static void show_estimate(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    json_t *body = desk_request_fields(r, false, asked_fields);
    if (body)
        ask(r, body);
}

static void show_attributes(void *arg, struct http_request *request,
                            const struct route_match *match)
{
    (void)match;
    (void)request;
    ask(arg, NULL);
}

static const struct route_reply attributes_replies[] = {
    {.status = 200,
     .meaning = "the attributes",
     .type = "application/json",
     .fields = attributes_fields},
    {0},
};
static const struct route_reply estimate_replies[] = {
    {.status = 200,
     .meaning = "the estimate",
     .type = "application/json",
     .fields = estimate_fields},
    {0},
};

const struct route audience_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/audience/attributes",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = attributes_replies,
     .handler = show_attributes,
     .summary = "What is known of the last 30 days' visitors, to write audiences with"},
    {.verb = VERB_POST,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/audience/estimate",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 16, .fields = asked_fields},
     .replies = estimate_replies,
     .handler = show_estimate,
     .summary = "How many of the last 30 days' visitors a condition matches"},
    {0},
};
