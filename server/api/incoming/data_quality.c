// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/incoming/data_quality.h"

#include "api/incoming/days_query.h"
#include "api/route/desk_request.h"
#include "store/event/data_quality.h"

static const struct field query[] = {DAYS_QUERY_ROW, {0}};

#define SENT_ROWS                                                                                  \
    {.name = "event_count", .kind = FIELD_INT, .meaning = "on all days"},                          \
        {.name = "value_share",                                                                    \
         .kind = FIELD_NUMBER,                                                                     \
         .max = 1,                                                                                 \
         .meaning = "of the events, with a number as value; null: there are none"},                \
        {.name = "currency_share",                                                                 \
         .kind = FIELD_NUMBER,                                                                     \
         .max = 1,                                                                                 \
         .meaning = "of the events, with a currency"},                                             \
        {.name = "unassigned_count",                                                               \
         .kind = FIELD_INT,                                                                        \
         .meaning = "exposures to a variant that no campaign has, or had"},                        \
        {.name = "last_seen_at", .kind = FIELD_TIME, .meaning = "time of the last event"},         \
    {                                                                                              \
        .name = "day_counts", .kind = FIELD_LIST, .of = &day_count,                                \
        .meaning = "events of each day, in the order of days"                                      \
    }

static const struct field day_count = {.kind = FIELD_INT};
static const struct field sent_fields[] = {SENT_ROWS, {0}};
static const struct field name_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .meaning = "of the events"}, SENT_ROWS, {0}};
static const struct field name_item = {.kind = FIELD_OBJECT, .of = name_fields};
static const struct field day_item = {.kind = FIELD_TEXT};

static const struct field reply_fields[] = {
    {.name = "days", .kind = FIELD_LIST, .of = &day_item, .meaning = "UTC, the first one first"},
    {.name = "names",
     .kind = FIELD_LIST,
     .of = &name_item,
     .meaning = "the 200 that most events have, the most frequent first"},
    {.name = "other",
     .kind = FIELD_OBJECT,
     .of = sent_fields,
     .meaning = "events of further names; null: there are none"},
    {.name = "total", .kind = FIELD_OBJECT, .of = sent_fields, .meaning = "all events"},
    {0},
};

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    int days;
    if (days_query_read(request, &days))
        data_quality_send(r->pg, r->environment_id, days, desk_reply_view, r);
}

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "what came in",
     .type = "application/json",
     .fields = reply_fields,
     .schema = "data_quality"},
    {0},
};

const struct route data_quality_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/data-quality",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .handler = show,
     .summary = "What sites sent by name and day, and what it lacks"},
    {0},
};
