// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/edge/edge_private.h"

#include "api/route/decision.h"
#include "decide/question.h"

#include <string.h>

/* The largest body of this route is a setting. */
#define EVENTS_PATH "/v1/events"

#define ROW(name_, kind_, marks_, meaning_)                                                        \
    {                                                                                              \
        .name = name_, .kind = kind_, .marks = marks_, .meaning = meaning_                         \
    }

/* What is asked. The readers of decide/ and model/event check it themselves, without a tree where
 * that is possible. */
static const struct field campaign_name = {.kind = FIELD_TEXT};
static const struct field decide_fields[] = {
    ROW("visitor_id", FIELD_ID, FIELD_REQUIRED, "who; a whole number is taken as its digits"),
    ROW("attributes", FIELD_ANY, 0, "an object: what the site knows of the visitor"),
    {.name = "campaigns",
     .kind = FIELD_LIST,
     .of = &campaign_name,
     .meaning = "keys of those that are asked about; all that run when absent"},
    {0},
};

static const struct field decide_query[] = {
    ROW("explain", FIELD_TEXT, 0, "1: each decision comes with its steps"),
    ROW("page", FIELD_TEXT, 0, "1: with what a browser needs beside, for the SDK"),
    {0},
};

static const struct field decide_reply_fields[] = {
    ROW("visitor_id", FIELD_ID, FIELD_REQUIRED, "as asked"),
    ROW("snapshot", FIELD_INT, FIELD_REQUIRED, "version of the configuration"),
    {.name = "decisions",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &decision_row,
     .meaning = "one a campaign, by priority"},
    ROW("flags", FIELD_ANY, FIELD_REQUIRED, "by key: the value for this visitor"),
    ROW("page", FIELD_ANY, 0, "what a browser needs beside; only where it was asked for"),
    {0},
};

/* model/event checks it. */
static const struct field event_fields[] = {
    ROW("event_id", FIELD_TEXT, 0,
        "a UUID of version 7, or 4; of servers any of RFC 9562. Absent: derived from what the "
        "event says, so the same said twice is one event; without ts once a UTC day. One without "
        "a time inside (other than 7 and 8) is of the day of ts: sent again on another day "
        "without ts, it is another event"),
    ROW("visitor_id", FIELD_ID, FIELD_REQUIRED, "who; a whole number is taken as its digits"),
    {.name = "name",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .min = 1,
     .max = 64,
     .meaning = "exposure, purchase, … or one's own; refund: of servers"},
    ROW("ts", FIELD_ANY, 0,
        "when: RFC 3339, also with +0100, a space instead of T, without seconds; or seconds, "
        "milliseconds, microseconds or nanoseconds since 1970, by their digits. Absent: the time "
        "inside event_id, else now"),
    ROW("properties", FIELD_ANY, 0, "an object; those of commerce are named as in GA4"),
    {0},
};
static const struct field event_row = {.kind = FIELD_OBJECT, .of = event_fields};
static const struct field events_fields[] = {
    {.name = "events",
     .kind = FIELD_LIST,
     .of = &event_row,
     .max = 500,
     .meaning = "one alone, or their array, may also be the whole body"},
    ROW("sent_at", FIELD_ANY, 0,
        "the sender's clock when it sends, written as ts: by it times are put right"),
    {0},
};

static const struct field rejection_fields[] = {
    ROW("index", FIELD_INT, FIELD_REQUIRED, "which of the events that were sent, from 0"),
    ROW("reason", FIELD_TEXT, FIELD_REQUIRED, "why, as a word: see refusals in the desk's API"),
    ROW("pointer", FIELD_TEXT, FIELD_REQUIRED, "where in the body (RFC 6901)"),
    ROW("detail", FIELD_TEXT, FIELD_REQUIRED, "why, for a person"),
    {0},
};
static const struct field rejection = {.kind = FIELD_OBJECT, .of = rejection_fields};

static const struct field events_reply_fields[] = {
    ROW("accepted", FIELD_INT, FIELD_REQUIRED, "events that are stored now"),
    ROW("duplicate", FIELD_INT, FIELD_REQUIRED, "events that were stored before"),
    {.name = "rejected",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &rejection,
     .meaning = "events that were refused, each by itself"},
    {.name = "warnings",
     .kind = FIELD_LIST,
     .of = &rejection,
     .meaning = "of those stored what does not count as it was meant; absent: there is none"},
    {0},
};

static const struct field config_fields[] = {
    ROW("snapshot", FIELD_INT, FIELD_REQUIRED, "version of the configuration"),
    ROW("is_panic", FIELD_BOOL, FIELD_REQUIRED, "everybody gets the control"),
    ROW("flags", FIELD_ANY, FIELD_REQUIRED, "by key: their defaults"),
    ROW("layers", FIELD_ANY, FIELD_REQUIRED, "in which a visitor has one bucket"),
    ROW("junk_ids", FIELD_ANY, FIELD_REQUIRED, "visitor ids of nobody, in small letters"),
    ROW("campaigns", FIELD_ANY, FIELD_REQUIRED, "that run, by priority"),
    ROW("page", FIELD_ANY, FIELD_REQUIRED, "what a browser needs beside"),
    {0},
};

static const struct field visitor_fields[] = {
    ROW("visitor_id", FIELD_ID, FIELD_REQUIRED, "what the cookie is to hold"),
    ROW("domain", FIELD_TEXT, 0, "the cookie's; a part of this host's name"),
    {0},
};

static const struct field preview_fields[] = {
    ROW("token", FIELD_TEXT, FIELD_REQUIRED, "of a preview link"),
    {0},
};
static const struct field preview_reply_fields[] = {
    ROW("campaign", FIELD_KEY, FIELD_REQUIRED, "whose draft it is"),
    ROW("variant", FIELD_KEY, FIELD_REQUIRED, "which one the link shows"),
    ROW("expires_at", FIELD_TIME, FIELD_REQUIRED, "when the link ends"),
    ROW("names", FIELD_ANY, FIELD_REQUIRED, "its own, by its key: {name, variants: {key: name}}"),
    {.name = "config",
     .kind = FIELD_OBJECT,
     .marks = FIELD_REQUIRED,
     .of = config_fields,
     .meaning = "as of GET /v1/config, with the draft as its one campaign"},
    {0},
};

static const char *const ready_words[] = {"ready", "degraded", "not_ready", NULL};
static const struct field cause = {.kind = FIELD_TEXT};
static const struct field ready_fields[] = {
    {.name = "status",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = ready_words,
     .meaning = "degraded: it serves, but something is not as it should be"},
    ROW("snapshot", FIELD_INT, FIELD_REQUIRED, "version of the configuration; 0: none yet"),
    ROW("can_decide", FIELD_BOOL, FIELD_REQUIRED, "there is a configuration"),
    ROW("can_store", FIELD_BOOL, FIELD_REQUIRED, "events are taken"),
    {.name = "degraded",
     .kind = FIELD_LIST,
     .marks = FIELD_REQUIRED,
     .of = &cause,
     .meaning = "what is not as it should be"},
    {0},
};

#define JSON(status_, meaning_, fields_)                                                           \
    {                                                                                              \
        .status = status_, .meaning = meaning_, .type = "application/json", .fields = fields_      \
    }
#define UNCHANGED                                                                                  \
    {                                                                                              \
        .status = 304, .meaning = "the client has it"                                              \
    }
#define FILE_OF(type_)                                                                             \
    {                                                                                              \
        .status = 200, .meaning = "the file", .type = type_                                        \
    }

static const struct route_reply decide_replies[] = {JSON(200, "the decisions", decide_reply_fields),
                                                    {0}};
static const struct route_reply events_replies[] = {
    JSON(202, "committed, or on the disk of this edge", events_reply_fields), {0}};
static const struct route_reply config_replies[] = {
    JSON(200, "the configuration", config_fields),
    UNCHANGED,
    {0},
};
static const struct route_reply preview_replies[] = {
    JSON(200, "the draft", preview_reply_fields),
    {0},
};
static const struct route_reply visitor_replies[] = {
    {.status = 204, .meaning = "the cookie"},
    {0},
};
static const struct route_reply script_replies[] = {
    FILE_OF("text/javascript"),
    UNCHANGED,
    {0},
};
static const struct route_reply demo_replies[] = {
    FILE_OF("text/html"),
    FILE_OF("text/javascript"),
    FILE_OF("text/css"),
    FILE_OF("image/svg+xml"),
    UNCHANGED,
    {0},
};
static const struct route_reply description_replies[] = {
    JSON(200, "this description", NULL),
    {0},
};
static const struct route_reply life_replies[] = {
    {.status = 200, .meaning = "it answers", .type = "text/plain"},
    {0},
};
static const struct route_reply ready_replies[] = {
    JSON(200, "it decides and stores", ready_fields),
    JSON(503, "it cannot do both", ready_fields),
    {0},
};

#define TOKENS (ROUTE_TOKEN_HEADER | ROUTE_TOKEN_URL)
#define SCRIPT(path_, summary_)                                                                    \
    {                                                                                              \
        .verb = VERB_GET, .path = path_, .replies = script_replies, .handler = edge_sdk,           \
        .summary = summary_                                                                        \
    }

static const struct route rows[] = {
    {.verb = VERB_POST,
     .path = "/v1/decide",
     .role = ROLE_CLIENT,
     .tokens = TOKENS,
     .body = {.bytes = QUESTION_BYTES, .fields = decide_fields},
     .query = decide_query,
     .replies = decide_replies,
     .handler = edge_decide,
     .summary = "What this visitor gets, and why"},
    {.verb = VERB_POST,
     .path = EVENTS_PATH,
     .role = ROLE_CLIENT,
     .is_sending = true,
     .tokens = TOKENS,
     .body = {.bytes = 1, .fields = events_fields},
     .replies = events_replies,
     .handler = edge_events,
     .summary = "Takes one event, a list of them, or {\"events\":[…],\"sent_at\":…}"},
    {.verb = VERB_GET,
     .path = "/v1/config",
     .role = ROLE_CLIENT,
     .tokens = TOKENS,
     .replies = config_replies,
     .handler = edge_config,
     .summary = "What deciding needs, for a browser"},
    {.verb = VERB_POST,
     .path = "/v1/preview",
     .role = ROLE_CLIENT,
     .tokens = TOKENS,
     .body = {.bytes = 1024, .fields = preview_fields},
     .replies = preview_replies,
     .problems = ROUTE_PROBLEM(ERR_CONFLICT),
     .handler = edge_preview,
     .summary = "The draft that a signed link shows"},
    {.verb = VERB_POST,
     .path = "/v1/visitor",
     .role = ROLE_CLIENT,
     .tokens = TOKENS,
     .body = {.bytes = 4096, .fields = visitor_fields},
     .replies = visitor_replies,
     .handler = edge_visitor,
     .summary = "Keeps a visitor's id in a cookie of the site"},
    {.verb = VERB_GET,
     .path = "/v1/openapi.json",
     .replies = description_replies,
     .handler = edge_description,
     .summary = "This description"},
    SCRIPT("/sdk.js", "The browser SDK"),
    SCRIPT("/sdk-late.js", "Its moments, clicks and forms"),
    SCRIPT("/sdk-local.js", "Its local evaluation"),
    SCRIPT("/sdk-widgets.js", "Its banners, pop-ins and countdowns"),
    SCRIPT("/sdk-qa.js", "Its preview overlay"),
    SCRIPT("/sdk-say.js", "Its words for the console"),
    SCRIPT("/sdk-shop.js", "Its reading of money"),
    {.verb = VERB_GET,
     .path = "/demo/",
     .replies = demo_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = edge_demo,
     .summary = "The demo shop, where there is one"},
    {.verb = VERB_GET,
     .path = "/demo/{file}",
     .replies = demo_replies,
     .problems = ROUTE_PROBLEM(ERR_NOT_FOUND),
     .handler = edge_demo,
     .summary = "Its pages, scripts and pictures"},
    {.verb = VERB_GET,
     .path = "/livez",
     .replies = life_replies,
     .handler = edge_livez,
     .summary = "Whether the process answers"},
    {.verb = VERB_GET,
     .path = "/readyz",
     .replies = ready_replies,
     .handler = edge_readyz,
     .summary = "Whether the process can decide and store"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct route_table edge_routes_make(struct arena *arena, size_t event_bytes)
{
    struct route *made = arena_alloc(arena, sizeof(rows));
    memcpy(made, rows, sizeof(rows));
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(made[i].path, EVENTS_PATH) == 0)
            made[i].body.bytes = event_bytes;
    return (struct route_table){made, ROWS};
}
