// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/results/export.h"

#include "base/text.h"
#include "base/uuid.h"
#include "io/pg/row.h"
#include "store/columns.h"

#include <stdlib.h>
#include <string.h>

static const enum query statements[] = {
    [EXPORT_EXPOSURES] = QUERY_EXPORT_EXPOSURES,
    [EXPORT_OUTCOMES] = QUERY_EXPORT_OUTCOMES,
    [EXPORT_EVENTS] = QUERY_EXPORT_EVENTS,
};

/* Where a page begins: "visitor", for events "event id:microseconds:visitor". */
struct cursor {
    const char *visitor_id, *event_id;
    int64_t ts_us;
};

static bool read_event_cursor(struct arena *arena, const char *text, struct cursor *ret)
{
    struct uuid id;
    char *end;
    if (strlen(text) < UUID_TEXT_SIZE + 2 || text[36] != ':' || !uuid_parse(text, 36, &id))
        return false;
    ret->event_id = arena_strndup(arena, text, 36);
    ret->ts_us = strtoll(text + UUID_TEXT_SIZE, &end, 10);
    ret->visitor_id = end + 1;
    return *end == ':' && text_is_id(end + 1, strlen(end + 1));
}

static bool read_cursor(struct arena *arena, const struct export_page *page, struct cursor *ret)
{
    if (!page->after)
        return true;
    if (page->kind == EXPORT_EVENTS)
        return read_event_cursor(arena, page->after, ret);
    ret->visitor_id = page->after;
    return text_is_id(page->after, strlen(page->after));
}

/* Adds what only a selection asks for. */
static enum query statement_of(const struct export_page *page, struct pg_params *params)
{
    if (page->kind != EXPORT_EXPOSURES || (!page->variant && !page->is_crossover))
        return statements[page->kind];
    pg_param_text(params, page->variant);
    if (page->is_crossover)
        pg_param_bool(params, *page->is_crossover);
    else
        pg_param_null(params);
    return QUERY_EXPORT_EXPOSED;
}

enum err export_send(struct pg *pg, const struct export_page *page, pg_answer_fn *fn, void *arg,
                     struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    struct pg_params params = {.arena = arena};
    struct cursor cursor = {0};
    if (!read_cursor(arena, page, &cursor))
        return fault_set(ret_fault, ERR_INVALID, "", "the parameter after is no cursor");
    pg_param_int(&params, page->environment_id);
    pg_param_text(&params, page->campaign);
    pg_param_id(&params, page->phase);
    pg_param_text(&params, cursor.visitor_id);
    pg_param_int(&params, page->rows);
    if (page->kind == EXPORT_EVENTS) {
        pg_param_int(&params, cursor.ts_us);
        pg_param_text(&params, cursor.event_id);
    }
    pg_send(pg, statement_of(page, &params), &params, fn, arg);
    return ERR_OK;
}

bool export_is_there(const PGresult *result)
{
    return pg_row_count(result) > 0;
}
