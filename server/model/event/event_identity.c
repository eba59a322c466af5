// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/event_identity.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

bool event_id_parse(const char *text, size_t length, struct uuid *ret)
{
    struct uuid id;
    if (length != 2 * sizeof(id.bytes))
        return uuid_parse(text, length, ret);
    if (!text_unhex(text, length, id.bytes))
        return false;
    *ret = id;
    return true;
}

bool event_id_has_time(const struct uuid *id)
{
    return uuid_version(id) == 7 || uuid_version(id) == 8;
}

static int64_t day_us(int64_t wall_us)
{
    return wall_us - wall_us % DAY_US;
}

struct uuid event_id_of_exposure(struct arena *arena, const struct event_exposure *exposure,
                                 const char *unit, int environment_id, int64_t told_us)
{
    const char *name =
        arena_printf(arena, "%s|%lld|%s|%s|%d|%s", exposure->campaign, (long long)exposure->phase,
                     exposure->experience, exposure->variant, environment_id, unit);
    return uuid_hashed(day_us(told_us), name, strlen(name));
}

static int add_bytes(const char *bytes, size_t length, void *buf)
{
    buf_add(buf, bytes, length);
    return 0;
}

/* The parts end in line feeds, which no id holds: none can look like an exposure's. */
struct uuid event_id_of_content(const struct event_word *word, const json_t *properties)
{
    auto_buf struct buf b = {0};
    buf_printf(&b, "event\n%d\n%s\n%s\n", word->environment_id, word->visitor_id, word->name);
    if (word->has_ts)
        buf_printf(&b, "%lld", (long long)word->told_us);
    buf_add_char(&b, '\n');
    must(json_dump_callback(properties, add_bytes, &b, JSON_COMPACT | JSON_SORT_KEYS) == 0);
    return uuid_hashed(word->has_ts ? word->told_us : day_us(word->told_us), b.data, b.length);
}
