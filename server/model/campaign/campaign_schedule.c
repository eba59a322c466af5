// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/campaign_schedule.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"

#include <string.h>

enum err campaign_schedule_check(const json_t *document, struct fault *ret_fault)
{
    const json_t *schedule = json_object_get(document, "schedule");
    const char *start = json_text_at(schedule, "start");
    const char *end = json_text_at(schedule, "end");
    int64_t start_us;
    int64_t end_us;
    if (!start || !end)
        return ERR_OK;
    bool is_time = clock_parse(start, strlen(start), &start_us);
    if (!is_time || !clock_parse(end, strlen(end), &end_us))
        return fault_set(ret_fault, ERR_INVALID, is_time ? "/schedule/end" : "/schedule/start",
                         "must be a time");
    return end_us > start_us
               ? ERR_OK
               : fault_set(ret_fault, ERR_INVALID, "/schedule/end", "must be after the start");
}
