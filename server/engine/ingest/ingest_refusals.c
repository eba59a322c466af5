// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_refusals.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/json/json_id.h"
#include "base/process/limit.h"
#include "base/process/log.h"
#include "engine/ingest/ingest_tally.h"
#include "model/event/scrub.h"
#include "store/event/refusal.h"
#include "store/event/rejected_event.h"

#include <string.h>

#define WAITING_MAX   100
#define SAME_MINUTE   3
#define FLUSH_US      SECOND_US
#define MINUTE_S      60
#define COUNTED_SETS  16 /* of environments */
#define REASONED_SETS 256

struct ingest_refusals {
    struct loop *loop;
    struct pg *pg;
    struct loop_timer *timer;
    struct limit_table *environments, *reasons;
    struct limit_rate all, same;
    struct arena *arena; /* of the texts of those that wait */
    struct rejected_event waiting[WAITING_MAX];
    size_t count;
    struct ingest_tally tally;
    int writer; /* -1: none */
    bool is_sending, is_counting;
    loop_fn *leave_fn; /* NULL: nobody waits for the end */
    void *leave_arg;
};

static void flush(void *arg);

static void set_timer(struct ingest_refusals *r)
{
    bool can_count = r->tally.count > 0 && r->writer >= 0 && !r->is_counting;
    if (can_count || (r->count > 0 && !r->is_sending))
        loop_timer_set(r->timer, FLUSH_US);
}

static void tell_left(struct ingest_refusals *r)
{
    if (r->is_sending || r->is_counting)
        return;
    loop_defer(r->loop, r->leave_fn, r->leave_arg);
    r->leave_fn = NULL;
}

/* After an answer: who leaves waits for what came meanwhile, but not for a database that is away.
 */
static void go_on(struct ingest_refusals *r, bool is_well)
{
    if (!r->leave_fn) {
        set_timer(r);
        return;
    }
    if (is_well)
        flush(r);
    tell_left(r);
}

static void on_kept(void *arg, const struct pg_answer *answer)
{
    struct ingest_refusals *r = arg;
    r->is_sending = false;
    if (!answer->result)
        log_warn("refused events could not be kept: %s", answer->fault->detail);
    go_on(r, answer->result != NULL);
}

/* They are a sample: with PostgreSQL away they are let go. */
static void flush_sample(struct ingest_refusals *r)
{
    if (r->is_sending || r->count == 0)
        return;
    if (pg_is_up(r->pg)) {
        r->is_sending = true;
        rejected_event_send(r->pg, r->waiting, r->count, on_kept, r);
    }
    r->count = 0;
    arena_free(r->arena);
    r->arena = arena_new(0);
}

/* When the connection breaks in between nobody knows: then they are rather counted twice. */
static void on_counted(void *arg, const struct pg_answer *answer)
{
    struct ingest_refusals *r = arg;
    r->is_counting = false;
    if (!answer->result)
        log_warn("refused events could not be counted: %s", answer->fault->detail);
    ingest_tally_settle(&r->tally, answer->result != NULL);
    go_on(r, answer->result != NULL);
}

static void flush_counts(struct ingest_refusals *r)
{
    if (r->is_counting || r->tally.count == 0 || r->writer < 0 || !pg_is_up(r->pg))
        return;
    auto_arena struct arena *arena = arena_new(0);
    struct refusal_count *list = arena_alloc(arena, r->tally.count * sizeof(*list));
    for (size_t i = 0; i < r->tally.count; i++) {
        const struct ingest_tally_row *row = &r->tally.rows[i];
        list[i] = (struct refusal_count){row->environment_id, refusal_keys[row->why], row->name,
                                         (int64_t)row->count};
    }
    ingest_tally_send(&r->tally);
    r->is_counting = true;
    refusal_send_add(r->pg, r->writer, list, r->tally.count, on_counted, r);
}

static void flush(void *arg)
{
    struct ingest_refusals *r = arg;
    flush_sample(r);
    flush_counts(r);
}

void ingest_refusals_leave(struct ingest_refusals *r, loop_fn *fn, void *arg)
{
    r->leave_fn = fn;
    r->leave_arg = arg;
    flush(r);
    tell_left(r);
}

struct ingest_refusals *ingest_refusals_new(struct loop *l, struct pg *pg)
{
    struct ingest_refusals *r = mem_zalloc(sizeof(*r));
    r->loop = l;
    r->pg = pg;
    r->writer = -1;
    r->arena = arena_new(0);
    r->timer = loop_timer_new(l, flush, r);
    r->environments = limit_table_new(COUNTED_SETS);
    r->reasons = limit_table_new(REASONED_SETS);
    r->all = limit_rate_of(INGEST_REFUSALS_MINUTE, MINUTE_S, INGEST_REFUSALS_MINUTE);
    r->same = limit_rate_of(SAME_MINUTE, MINUTE_S, SAME_MINUTE);
    return r;
}

void ingest_refusals_free(struct ingest_refusals *r)
{
    arena_free(r->arena);
    ingest_tally_done(&r->tally);
    loop_timer_free(r->timer);
    mem_free(r);
}

void ingest_refusals_set_writer(struct ingest_refusals *r, int writer)
{
    r->writer = writer;
    set_timer(r);
}

void ingest_refusals_count(struct ingest_refusals *r, int environment_id, enum refusal why,
                           const char *name)
{
    bool is_first = r->tally.count == 0;
    ingest_tally_add(&r->tally, environment_id, why, name);
    if (is_first)
        set_timer(r);
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

/* Headers may hold any bytes, and the database takes no sample at all where one is no text. */
static void replace_bytes(struct buf *b)
{
    for (size_t i = 0; i < b->length; i++)
        if ((unsigned char)b->data[i] >= 0x80)
            b->data[i] = '?';
}

const char *ingest_refusals_text(struct arena *arena, const char *text)
{
    auto_buf struct buf b = {0};
    scrub_add(&b, text, strlen(text));
    if (!text_is_utf8(text, strlen(text)))
        replace_bytes(&b);
    if (b.length <= INGEST_REFUSALS_BYTES)
        return arena_strndup(arena, b.length ? b.data : "", b.length);
    size_t length = INGEST_REFUSALS_BYTES;
    while (length > 0 && ((unsigned char)b.data[length] & 0xc0) == 0x80)
        length--;
    b.length = length;
    buf_add_str(&b, "…");
    return arena_strndup(arena, b.data, b.length);
}

/* A text that can be an id, or "". */
static const char *id_of(const json_t *event, const char *member, char digits[JSON_ID_DIGITS])
{
    size_t length;
    const char *text = json_id_text(json_object_get(event, member), digits, &length);
    return text && text_is_id(text, length) ? text : "";
}

/* "" where no event has such a name. */
static const char *name_of(struct arena *arena, const json_t *event)
{
    char digits[JSON_ID_DIGITS];
    const char *name = id_of(event, "name", digits);
    bool is_name =
        json_is_string(json_object_get(event, "name")) && text_characters(name, strlen(name)) <= 64;
    return is_name ? ingest_refusals_text(arena, name) : "";
}

static void keep(struct ingest_refusals *r, int environment_id, enum refusal why,
                 const struct fault *fault, const json_t *event, const char *name)
{
    char digits[JSON_ID_DIGITS];
    auto_buf struct buf detail = {0}, text = {0};
    buf_printf(&detail, "%s%s%s", fault->pointer, fault->pointer[0] ? ": " : "", fault->detail);
    if (r->count == WAITING_MAX || !ingest_refusals_admit(r, environment_id, detail.data))
        return;
    if (event)
        json_add_value(&text, event);
    struct rejected_event *kept = &r->waiting[r->count++];
    kept->environment_id = environment_id;
    kept->reason = refusal_keys[why];
    kept->name = arena_strdup(r->arena, name);
    kept->visitor_id = ingest_refusals_text(r->arena, id_of(event, "visitor_id", digits));
    kept->detail = ingest_refusals_text(r->arena, detail.data);
    kept->event = event ? ingest_refusals_text(r->arena, text.data) : "";
}

static void add(struct ingest_refusals *r, int environment_id, enum refusal why,
                const struct fault *fault, const json_t *event, const char *name)
{
    bool is_first = r->count == 0;
    keep(r, environment_id, why, fault, event, name);
    if (is_first && r->tally.count > 0)
        set_timer(r);
    ingest_refusals_count(r, environment_id, why, name);
}

void ingest_refusals_add(struct ingest_refusals *r, int environment_id, enum refusal why,
                         const struct fault *fault, const json_t *event)
{
    auto_arena struct arena *arena = arena_new(0);
    add(r, environment_id, why, fault, event, name_of(arena, event));
}

void ingest_refusals_add_named(struct ingest_refusals *r, int environment_id, enum refusal why,
                               const struct fault *fault, const char *name)
{
    auto_arena struct arena *arena = arena_new(0);
    add(r, environment_id, why, fault, NULL, ingest_refusals_text(arena, name));
}
