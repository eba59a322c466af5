// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/incoming/refusals.h"

#include "api/incoming/days_query.h"
#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "store/event/refusal.h"

#include <string.h>

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

#define SAMPLES 3

static const struct field query[] = {
    DAYS_QUERY_ROW,
    ROW("samples", FIELD_TEXT, "0: without them"),
    {0},
};

static const struct field sample_fields[] = {
    ROW("received_at", FIELD_TIME, "when it came"),
    ROW("visitor_id", FIELD_TEXT, "whose; empty: none can be read"),
    ROW("detail", FIELD_TEXT, "why, for a person, behind where in the event"),
    ROW("event", FIELD_TEXT, "the beginning of its JSON text, without e-mail addresses"),
    {0},
};
static const struct field sample = {.kind = FIELD_OBJECT, .of = sample_fields};
static const struct field count = {.kind = FIELD_INT};
static const struct field day = {.kind = FIELD_TEXT};

static const struct field item_fields[] = {
    ROW("reason", FIELD_TEXT,
        "refused: invalid, junk_id, too_late, wrong_clock, unknown_campaign, "
        "not_allotted, server_only, refused (by the database); whole requests: unreadable, origin "
        "(a page that the key is not for), too_large, media_type; of these for the moment, since "
        "they are sent again: address_limit, key_limit, quota (events of a key and day), busy, "
        "unavailable; stored, but left out of results: bot, staff, forced, "
        "duplicate_order, unassigned (an exposure to a variant there never was); stored and "
        "counted, "
        "but without its money: no_rate (there was none of its currency)"),
    ROW("name", FIELD_TEXT, "of the events; empty: none can be read, or there are too many names"),
    ROW("is_stored", FIELD_BOOL, "they were stored, and results leave them out"),
    ROW("event_count", FIELD_INT, "on all days, or of whole requests their number"),
    {.name = "day_counts",
     .kind = FIELD_LIST,
     .of = &count,
     .meaning = "events of each day, in the order of days"},
    ROW("last_at", FIELD_TIME, "when the last one was counted"),
    {.name = "samples",
     .kind = FIELD_LIST,
     .of = &sample,
     .meaning = "the last three that were kept of those refused, the last first"},
    {0},
};
static const struct field item = {.kind = FIELD_OBJECT, .of = item_fields};

static const struct field reply_fields[] = {
    {.name = "days", .kind = FIELD_LIST, .of = &day, .meaning = "UTC, the first one first"},
    {.name = "items",
     .kind = FIELD_LIST,
     .of = &item,
     .meaning = "the 200 with the most events, the last one first"},
    {0},
};

static void list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct refusal_question question = {.environment_id = r->environment_id};
    const char *samples = http_query(request, "samples", NULL);
    if (!days_query_read(request, &question.days))
        return;
    if (samples && strcmp(samples, "0") != 0) {
        problem_say(request, ERR_INVALID, "", "samples must be 0, or absent");
        return;
    }
    question.samples = samples ? 0 : SAMPLES;
    refusal_send_list(r->pg, &question, desk_reply_view, r);
}

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "what was refused and left out",
     .type = "application/json",
     .fields = reply_fields,
     .schema = "refusals"},
    {0},
};

const struct route refusal_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/refusals",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .handler = list,
     .summary = "What was refused, or stored and left out of results, by reason and name"},
    {0},
};
