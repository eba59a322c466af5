// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/site/install.h"

#include "api/route/desk_request.h"
#include "store/event/install.h"

static const struct field key_fields[] = {
    {.name = "id", .kind = FIELD_INT, .meaning = "its number"},
    {.name = "name", .kind = FIELD_TEXT, .meaning = "who uses it"},
    {.name = "token", .kind = FIELD_TEXT, .meaning = "what stands in the page"},
    {0},
};
static const struct field key_item = {.kind = FIELD_OBJECT, .of = key_fields};
static const struct field event_name = {.kind = FIELD_TEXT};
static const struct field seen_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .meaning = "of the event"},
    {.name = "at", .kind = FIELD_TIME, .meaning = "when it arrived"},
    {0},
};
static const struct field campaign_fields_told[] = {
    {.name = "key", .kind = FIELD_KEY, .meaning = "its key"},
    {.name = "name", .kind = FIELD_TEXT, .meaning = "its name"},
    {0},
};

#define SEEN(name_, meaning_)                                                                      \
    {                                                                                              \
        .name = name_, .kind = FIELD_OBJECT, .of = seen_fields, .meaning = meaning_                \
    }

static const struct field reply_fields[] = {
    {.name = "edge_url",
     .kind = FIELD_TEXT,
     .meaning = "where pages find the edge; null: setting edge_public_url does not say it"},
    {.name = "client_keys",
     .kind = FIELD_LIST,
     .of = &key_item,
     .meaning = "public keys that hold, the oldest first"},
    SEEN("last_event", "the last event of a site in seven days, not of an import or a simulation; "
                       "null: there was none"),
    SEEN("last_exposure", "the last exposure among them"),
    SEEN("last_goal", "the last of goal_events among them"),
    {.name = "goal_events",
     .kind = FIELD_LIST,
     .of = &event_name,
     .meaning = "what the campaigns' metrics count; of all metrics while there is no campaign"},
    {.name = "campaign",
     .kind = FIELD_OBJECT,
     .of = campaign_fields_told,
     .meaning = "the newest that no import made; null: there is none"},
    {.name = "has_started", .kind = FIELD_BOOL, .meaning = "one of them was started"},
    {0},
};

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    const char *edge = r->desk->edge_url;
    install_send(r->pg, r->environment_id, edge && edge[0] ? edge : NULL, desk_reply_view, r);
}

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "what there is",
     .type = "application/json",
     .fields = reply_fields,
     .schema = "install"},
    {0},
};

const struct route install_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/install",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .replies = replies,
     .handler = show,
     .summary = "What a site needs to begin, and how far it is"},
    {0},
};
