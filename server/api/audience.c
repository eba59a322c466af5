// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/audience.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "engine/audience.h"

#define NUMBER(name_, meaning_)                                                                    \
    {                                                                                              \
        .name = name_, .kind = FIELD_NUMBER, .meaning = meaning_                                   \
    }
#define HEAD                                                                                       \
    NUMBER("visitors", "of the last days"), NUMBER("sampled", "of them that were looked at"),      \
        NUMBER("days", "that were looked at")

const struct field audience_fields[] = {
    {.name = "condition",
     .kind = FIELD_ANY,
     .meaning = "as in a campaign's audience; null: everybody"},
    {0},
};

static const struct field name = {.kind = FIELD_TEXT};

const struct field audience_estimate_fields[] = {
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

const struct field audience_attributes_fields[] = {
    HEAD,
    {.name = "attributes",
     .kind = FIELD_LIST,
     .of = &attribute,
     .meaning = "what events told of visitors, what is known of most first"},
    {0},
};

struct estimate {
    struct desk_request *desk;
    json_t *body;
};

static void on_estimate(void *arg, const struct audience_sample *sample,
                        const struct pg_answer *answer)
{
    struct estimate *q = arg;
    auto_json json_t *body = q->body;
    auto_buf struct buf out = {0};
    struct fault fault;
    if (!sample) {
        desk_reply_failed(q->desk, answer);
    } else if (audience_estimate(sample, json_object_get(body, "condition"), &out, &fault)) {
        fault_prefix(&fault, "/condition");
        problem_reply(q->desk->http, &fault);
    } else {
        buf_add_char(&out, '\n');
        desk_reply_json(q->desk, 200, out.data, out.length);
    }
}

void audience_estimate_show(void *arg, struct http_request *request,
                            const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct estimate *q = arena_zalloc(request->arena, sizeof(*q));
    struct fault fault;
    auto_json json_t *body = desk_request_body(r, false, &fault);
    q->desk = r;
    if (!body || field_read(audience_fields, body, &q->body, &fault))
        problem_reply(request, &fault);
    else
        audience_ask(r->desk->audience, r->environment_id, on_estimate, q);
}

static void on_attributes(void *arg, const struct audience_sample *sample,
                          const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    auto_buf struct buf out = {0};
    if (!sample) {
        desk_reply_failed(r, answer);
        return;
    }
    audience_write_attributes(sample, &out);
    buf_add_char(&out, '\n');
    desk_reply_json(r, 200, out.data, out.length);
}

void audience_attributes_show(void *arg, struct http_request *request,
                              const struct route_match *match)
{
    (void)match;
    (void)request;
    struct desk_request *r = arg;
    audience_ask(r->desk->audience, r->environment_id, on_attributes, r);
}
