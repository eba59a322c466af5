// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_refusals.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "base/process/limit.h"
#include "base/process/log.h"
#include "store/event/rejected_event.h"

#include <string.h>

#define WAITING_MAX   100
#define SAME_MINUTE   3
#define FLUSH_US      SECOND_US
#define MINUTE_S      60
#define COUNTED_SETS  16 /* of environments */
#define REASONED_SETS 256

struct refusal {
    int environment_id;
    char *reason, *event;
};

struct ingest_refusals {
    struct pg *pg;
    struct loop_timer *timer;
    struct limit_table *environments, *reasons;
    struct limit_rate all, same;
    struct refusal waiting[WAITING_MAX];
    size_t count;
    bool is_sending;
};

static void clear(struct ingest_refusals *r)
{
    for (size_t i = 0; i < r->count; i++) {
        mem_free(r->waiting[i].reason);
        mem_free(r->waiting[i].event);
    }
    r->count = 0;
}

static void on_kept(void *arg, const struct pg_answer *answer)
{
    struct ingest_refusals *r = arg;
    r->is_sending = false;
    if (!answer->result)
        log_warn("refused events could not be kept: %s", answer->fault->detail);
    if (r->count > 0)
        loop_timer_set(r->timer, FLUSH_US);
}

/* They are a sample: with PostgreSQL away they are let go. */
static void flush(void *arg)
{
    struct ingest_refusals *r = arg;
    struct rejected_event list[WAITING_MAX];
    if (r->is_sending || r->count == 0)
        return;
    for (size_t i = 0; i < r->count; i++)
        list[i] = (struct rejected_event){.environment_id = r->waiting[i].environment_id,
                                          .reason = r->waiting[i].reason,
                                          .event = r->waiting[i].event};
    if (pg_is_up(r->pg)) {
        r->is_sending = true;
        rejected_event_send(r->pg, list, r->count, on_kept, r);
    }
    clear(r);
}

struct ingest_refusals *ingest_refusals_new(struct loop *l, struct pg *pg)
{
    struct ingest_refusals *r = mem_zalloc(sizeof(*r));
    r->pg = pg;
    r->timer = loop_timer_new(l, flush, r);
    r->environments = limit_table_new(COUNTED_SETS);
    r->reasons = limit_table_new(REASONED_SETS);
    r->all = limit_rate_of(INGEST_REFUSALS_MINUTE, MINUTE_S, INGEST_REFUSALS_MINUTE);
    r->same = limit_rate_of(SAME_MINUTE, MINUTE_S, SAME_MINUTE);
    return r;
}

void ingest_refusals_free(struct ingest_refusals *r)
{
    clear(r);
    loop_timer_free(r->timer);
    mem_free(r);
}

bool ingest_refusals_admit(struct ingest_refusals *r, int environment_id, const char *reason)
{
    uint64_t now_us = (uint64_t)clock_mono_us();
    auto_buf struct buf who = {0};
    buf_printf(&who, "%d %s", environment_id, reason);
    return limit_take(r->reasons, &r->same, who.data, who.length, now_us) == 0 &&
           limit_take(r->environments, &r->all, &environment_id, sizeof(environment_id), now_us) ==
               0;
}

/* Cut before a character, never within one. */
static char *text_of(const json_t *event)
{
    auto_buf struct buf b = {0};
    json_add_value(&b, event);
    if (b.length <= INGEST_REFUSALS_BYTES)
        return mem_strdup(b.data);
    size_t length = INGEST_REFUSALS_BYTES;
    while (length > 0 && ((unsigned char)b.data[length] & 0xc0) == 0x80)
        length--;
    b.length = length;
    buf_add_str(&b, "…");
    return mem_strdup(b.data);
}

void ingest_refusals_add(struct ingest_refusals *r, int environment_id, const struct fault *why,
                         const json_t *event)
{
    auto_buf struct buf reason = {0};
    buf_printf(&reason, "%s%s%s", why->pointer, why->pointer[0] ? ": " : "", why->detail);
    if (r->count == WAITING_MAX || !ingest_refusals_admit(r, environment_id, reason.data))
        return;
    if (r->count == 0 && !r->is_sending)
        loop_timer_set(r->timer, FLUSH_US);
    r->waiting[r->count++] = (struct refusal){.environment_id = environment_id,
                                              .reason = mem_strdup(reason.data),
                                              .event = text_of(event)};
}
