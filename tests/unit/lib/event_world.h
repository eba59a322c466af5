// SPDX-License-Identifier: GPL-3.0-or-later
/* One environment with one running campaign, by whose rules events are read. The clock stands at
 * NOW_TEXT. */
#pragma once

#include "base/clock.h"
#include "base/json/json.h"
#include "model/event/visitor_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* version 7 of that time; of 8 and of 6 days earlier; of two days later */
#define NOW_ID    "\"019ecb27-2200-7000-8000-000000000001\""
#define OLD_ID    "\"019ea1f4-4200-7000-8000-000000000001\""
#define FUTURE_ID "\"019ed573-da00-7000-8000-000000000001\""
#define NOW_TEXT  "2026-06-15T12:00:00Z"

struct world {
    struct arena *arena;
    struct snapshot *snapshot;
    struct event_rules rules;
    enum refusal why; /* the last one refused */
};

static inline int setup(void **state)
{
    static struct world w;
    char text[] =
        "{\"id\":7,\"key\":\"production\",\"is_panic\":false,\"currency\":\"EUR\",\"origins\":[],"
        "\"rate_days\":{\"USD\":[\"2026-06-10\",\"2026-06-12\"],"
        "\"GBP\":[\"2026-05-01\",\"2026-06-07\"],\"CHF\":[\"2026-06-16\",\"2026-06-16\"]},"
        "\"allows_html\":false,\"tracking\":[],\"keys\":[],\"flags\":[],\"layers\":[],"
        "\"campaigns\":["
        "{\"id\":1,\"key\":\"x\",\"kind\":\"experiment\",\"status\":\"running\",\"priority\":0,"
        "\"coverage\":1,\"forced\":{\"qa\":\"a\"},\"phase\":{\"number\":2,\"seed\":\"s\","
        "\"experiences\":[{\"key\":\"\",\"variants\":[{\"key\":\"a\",\"weight\":0.5,\"is_control\":"
        "true},"
        "{\"key\":\"b\",\"weight\":0.5,\"is_control\":false}]}]}}]}";
    struct fault fault;
    w = (struct world){.arena = arena_new(0),
                       .snapshot = snapshot_compile(1, text, strlen(text), &fault)};
    assert_non_null(w.snapshot);
    w.rules.snapshot = w.snapshot;
    assert_true(clock_parse(NOW_TEXT, strlen(NOW_TEXT), &w.rules.now_us));
    *state = &w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;
    snapshot_unref(w->snapshot);
    arena_free(w->arena);
    return 0;
}

static inline enum err read_text(struct world *w, const char *json, struct visitor_event *ret,
                                 struct fault *fault)
{
    auto_json json_t *object = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(object);
    return visitor_event_read(&w->rules, w->arena, object, ret, &w->why, fault);
}

#define EVENT(members)       "{\"visitor_id\":\"v\",\"event_id\":" NOW_ID "," members "}"
#define PURCHASE(properties) EVENT("\"name\":\"purchase\",\"properties\":{" properties "}")
#define EXPOSURE(properties)                                                                       \
    "{\"visitor_id\":\"v\",\"name\":\"exposure\",\"properties\":{" properties "}}"
