// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/incoming/live.h"

#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "base/arena.h"
#include "model/event/effect.h"
#include "model/event/scrub.h"
#include "store/event/live.h"

#include <string.h>

#define ROWS 100

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

static const struct field query[] = {
    ROW("visitor", FIELD_ID, "of this visitor alone"),
    ROW("name", FIELD_TEXT, "events of this name alone"),
    ROW("uncounted", FIELD_TEXT, "1: only what does not count"),
    {0},
};

static const struct field item_fields[] = {
    ROW("received_at", FIELD_TIME, "when it came"),
    ROW("is_refused", FIELD_BOOL, "it was not stored; of those refused this is a sample"),
    ROW("event_id", FIELD_TEXT, "UUID; null: refused"),
    ROW("visitor_id", FIELD_TEXT, "whose; empty: none can be read"),
    ROW("name", FIELD_TEXT, "what happened; empty: none can be read"),
    ROW("ts", FIELD_TIME, "when it happened; null: refused"),
    ROW("properties", FIELD_TEXT,
        "the beginning of their JSON text; of those refused that of the event"),
    {.name = "effect",
     .kind = FIELD_OBJECT,
     .of = effect_fields,
     .meaning = "what it did to results; null: refused"},
    ROW("reason", FIELD_TEXT, "why it was refused, as a word: see refusals; null: it is stored"),
    ROW("detail", FIELD_TEXT, "the same for a person, behind where in the event"),
    {0},
};
static const struct field item = {.kind = FIELD_OBJECT, .of = item_fields};
static const struct field reply_fields[] = {
    {.name = "items",
     .kind = FIELD_LIST,
     .of = &item,
     .meaning = "of the last hour at most 100, the last first; in crowds of all that comes the "
                "newest 20,000 are looked through, of a visitor the newest 1,000"},
    {0},
};

static enum err read_query(struct desk_request *r, struct live_question *ret, struct fault *fault)
{
    const struct http_request *http = r->http;
    enum err e = ERR_OK;
    const char *visitor = http_query(http, "visitor", &e), *name = http_query(http, "name", &e),
               *uncounted = http_query(http, "uncounted", &e);
    if (e)
        return fault_set(fault, ERR_INVALID, "", "the query cannot be read");
    if (visitor && !text_is_id(visitor, strlen(visitor)))
        return fault_set(fault, ERR_INVALID, "",
                         "visitor: a visitor's id is 1 to 256 bytes of printable text");
    if (name && !text_is_id(name, strlen(name)))
        return fault_set(fault, ERR_INVALID, "",
                         "name: an event's name is 1 to 64 characters of printable text");
    if (uncounted && strcmp(uncounted, "1") != 0)
        return fault_set(fault, ERR_INVALID, "", "uncounted must be 1, or absent");
    *ret = (struct live_question){.environment_id = r->environment_id,
                                  .visitor_id = visitor,
                                  .name = name,
                                  .is_uncounted = uncounted != NULL,
                                  .rows = ROWS};
    return ERR_OK;
}

/* As samples of refused events have it; NULL of NULL. */
static const char *kept(struct buf *b, const char *text)
{
    if (text)
        scrub_add(b, text, strlen(text));
    return b->data;
}

static void list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct live_question question;
    struct fault fault;
    auto_buf struct buf visitor = {0}, name = {0};
    if (read_query(r, &question, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    question.kept_visitor = kept(&visitor, question.visitor_id);
    question.kept_name = kept(&name, question.name);
    live_send_list(r->pg, &question, desk_reply_view, r);
}

static const struct route_reply replies[] = {
    {.status = 200,
     .meaning = "what came last",
     .type = "application/json",
     .fields = reply_fields,
     .schema = "live_events"},
    {0},
};

const struct route live_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/live-events",
     .noted = "live_events.read",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = query,
     .replies = replies,
     .handler = list,
     .summary = "What came in the last hour, and what each event did to results, or why not"},
    {0},
};
