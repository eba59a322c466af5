// SPDX-License-Identifier: GPL-3.0-or-later
/* Input as of /v1/events: one event or an array of them. The first byte says which rules hold. */
#include "unit/lib/fence.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "fuzz_snapshot.h"
#include "model/event/event_number.h"
#include "model/event/visitor_event.h"

#include <string.h>

#define NOW_US (INT64_C(1767225600) * SECOND_US) /* 2026-01-01 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {
    .bytes = 65536, .depth = 16, .nodes = 4096, .caps_numbers = true};

/* What is stored reads back as what is stored: numbers and texts do not drift. */
static void check_properties(const struct visitor_event *event)
{
    struct fault fault;
    auto_free char *text = mem_strdup(event->properties);
    auto_buf struct buf again = {0};
    must(strlen(event->properties) == event->properties_length);
    auto_json json_t *object = json_parse(
        text, event->properties_length,
        &(struct json_limits){.bytes = 1 << 20, .depth = 17, .nodes = 8192}, NULL, &fault);
    must(json_is_object(object));
    json_add_value(&again, object);
    must(strcmp(again.data, event->properties) == 0);
    must(event_numbers_check(object, "", &fault) == ERR_OK);
    must(strcmp(event->name, "purchase") != 0 ||
         json_number_value(json_object_get(object, "value")) >= 0);
}

static void check(const struct event_rules *rules, const struct visitor_event *event)
{
    int32_t today = clock_day(NOW_US);
    must(text_is_id(event->visitor_id, strlen(event->visitor_id)));
    must(text_is_id(event->name, strlen(event->name)) && strlen(event->name) <= 64);
    bool is_timed = uuid_version(&event->id) >= 7;
    must(!is_timed || event->day == clock_day(uuid_time_us(&event->id)));
    must(event->day >= (rules->has_backfill ? 0 : today - EVENT_PAST_DAYS));
    must(event->day <= today + EVENT_FUTURE_DAYS);
    must(clock_day(event->ts_us) - event->day <= 3 && event->day - clock_day(event->ts_us) <= 3);
    must(!rules->is_public || strcmp(event->name, "refund") != 0);
    check_properties(event);
}

static bool set_right(void *arg, const char *visitor_id, int64_t told_us, int64_t *ret_us)
{
    (void)arg;
    *ret_us = told_us - 3 * SECOND_US;
    return visitor_id[0] != 'z';
}

static void read_one(const struct event_rules *rules, json_t *object)
{
    auto_arena struct arena *arena = arena_new(0);
    struct visitor_event event;
    struct fault fault = {0};
    enum refusal why = REFUSAL_COUNT;
    if (visitor_event_read(rules, arena, object, &event, &why, &fault))
        must(fault.code == ERR_INVALID && fault.detail[0] && why < REFUSAL_DATABASE);
    else
        check(rules, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct event_rules rules = {.snapshot = fuzz_snapshot(),
                                .is_public = data[0] & 4,
                                .has_backfill = data[0] & 1,
                                .now_us = NOW_US,
                                .clock_fn = data[0] & 2 ? set_right : NULL};
    char *text = fence_copy(data + 1, size - 1);
    struct fault fault = {0};
    auto_json json_t *body = json_parse(text, size - 1, &limits, &rules.is_repaired, &fault);
    if (!body) {
        must(fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
        return 0;
    }
    if (!json_is_array(body))
        read_one(&rules, body);
    for (size_t i = 0; i < json_array_size(body); i++)
        read_one(&rules, json_array_get(body, i));
    return 0;
}
