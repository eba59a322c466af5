// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/export.h"

#include "api/report/phase_query.h"
#include "api/route/desk_page.h"
#include "api/route/problem.h"
#include "base/text.h"
#include "store/results/export.h"

#include <string.h>

static void on_page(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
        return;
    }
    if (!export_is_there(answer->result)) {
        problem_say(r->http, ERR_NOT_FOUND, "", "there is no campaign with this key");
        return;
    }
    desk_page_reply(r, answer->result, NULL, NULL);
}

/* Of exposures alone: the others have no such parameters. */
static enum err read_selection(struct http_request *request, struct export_page *page,
                               struct fault *fault)
{
    static const bool yes = true, no = false;
    enum err e = ERR_OK, f = ERR_OK;
    const char *variant = http_query(request, "variant", &e),
               *crossover = http_query(request, "crossover", &f);
    if (e || (variant && !text_is_key(variant)))
        return fault_set(fault, ERR_INVALID, "", "variant must be the key of one");
    if (f || (crossover && strcmp(crossover, "true") != 0 && strcmp(crossover, "false") != 0))
        return fault_set(fault, ERR_INVALID, "", "crossover must be true or false");
    page->variant = variant;
    if (crossover)
        page->is_crossover = crossover[0] == 't' ? &yes : &no;
    return ERR_OK;
}

static void read_export(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    const enum export_kind *kind = match->route->subject;
    struct desk_page asked;
    struct export_page page = {
        .kind = *kind, .environment_id = r->environment_id, .campaign = match->params[0]};
    struct fault fault;
    if (!desk_page_read(r, &asked))
        return;
    page.rows = asked.rows;
    page.after = asked.after;
    if (phase_query_read(request, &page.phase, &fault) ||
        (*kind == EXPORT_EXPOSURES && read_selection(request, &page, &fault)) ||
        export_send(r->pg, &page, on_page, r, &fault))
        problem_reply(request, &fault);
}

static const struct field outcomes_query[] = {PHASE_QUERY, DESK_PAGE_QUERY, {0}};
#define events_query outcomes_query

static const struct field exposures_query[] = {
    PHASE_QUERY,
    {.name = "variant", .kind = FIELD_KEY, .meaning = "those who met this one first"},
    {.name = "crossover",
     .kind = FIELD_BOOL,
     .meaning =
         "those who met several variants (true), or one alone (false); a page may hold fewer "
         "than asked for, or none, and yet have a next one"},
    DESK_PAGE_QUERY,
    {0},
};

#define TEXT(name_, kind_, meaning_)                                                               \
    {                                                                                              \
        .name = name_, .kind = kind_, .marks = FIELD_REQUIRED, .meaning = meaning_                 \
    }
#define UNIT                                                                                       \
    TEXT("visitor_id", FIELD_ID, "who"), TEXT("phase", FIELD_INT, "number of the phase"),          \
        TEXT("variant", FIELD_KEY, "the first one met in the phase")

static const struct field exposure_fields[] = {
    UNIT,
    TEXT("is_crossover", FIELD_BOOL, "met another variant of the phase, too"),
    TEXT("exposed_at", FIELD_TIME, "when"),
    TEXT("cohort_day", FIELD_TEXT, "the day of it, where the environment is"),
    TEXT("dimensions", FIELD_ANY, "by name: what was known of the visitor then"),
    TEXT("has_past", FIELD_BOOL, "was seen before, so that the past can be compared"),
    {0},
};

static const struct field outcome_fields[] = {
    UNIT,
    TEXT("exposed_at", FIELD_TIME, "when"),
    TEXT("metrics", FIELD_ANY, "by key: a number, or {numerator, denominator} of means and ratios"),
    {0},
};

static const struct field event_fields[] = {
    UNIT,
    TEXT("event_id", FIELD_TEXT, "UUID"),
    TEXT("name", FIELD_TEXT, "what happened"),
    TEXT("ts", FIELD_TIME, "when"),
    TEXT("properties", FIELD_ANY, "as they came"),
    {0},
};

#define PAGE .status = 200, .type = "application/json", .is_page = true
static const struct route_reply exposures_replies[] = {
    {PAGE, .fields = exposure_fields, .meaning = "a page of units, by visitor"}, {0}};
static const struct route_reply outcomes_replies[] = {
    {PAGE, .fields = outcome_fields, .meaning = "a page of units, by visitor"}, {0}};
static const struct route_reply events_replies[] = {
    {PAGE, .fields = event_fields, .meaning = "a page of events, by visitor and time"}, {0}};

static const enum export_kind exposures = EXPORT_EXPOSURES, outcomes = EXPORT_OUTCOMES,
                              events = EXPORT_EVENTS;

#define EXPORT(name_)                                                                              \
    .verb = VERB_GET, .lane = DESK_LANE_REPORT, .path = DESK_API "/campaigns/{key}/" #name_,       \
    .role = ROLE_VIEWER, .tokens = DESK_TOKENS, .query = name_##_query,                            \
    .replies = name_##_replies,                                                                    \
    .problems = ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_CONFLICT),                        \
    .handler = read_export, .subject = &name_, .noted = "export.read"

const struct route export_routes[] = {
    {EXPORT(exposures), .summary = "Lists who was exposed to what"},
    {EXPORT(outcomes), .summary = "Lists what came of each exposed visitor"},
    {EXPORT(events), .summary = "Lists what exposed visitors did"},
    {0},
};
