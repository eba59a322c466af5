// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process/counter.h"

#include "base/clock.h"
#include "base/mem.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* So often a reader looks for a moment between two changes. */
#define ACCOUNT_TRIES 1000

static struct counter_slot own_slot;
struct counter_slot *counter_slot = &own_slot;

struct counter_page *counter_page_new(void)
{
    void *page = mmap(NULL, sizeof(struct counter_page), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(page != MAP_FAILED);
    return page;
}

static bool is_gauge(enum counter c)
{
    enum counter_kind kind = counter_rows[c].kind;
    return kind == COUNTER_GAUGE_SUM || kind == COUNTER_GAUGE || kind == COUNTER_AGE;
}

static uint64_t load(_Atomic uint64_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

static void store(_Atomic uint64_t *cell, uint64_t value)
{
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

/* The former owner may have been killed between two cells of the account, its turn still odd: it
 * stays odd until what is open is worked out from the others. */
static void close_account(struct counter_slot *slot)
{
    uint64_t open = load(&slot->cells[COUNTER_EVENTS_RECEIVED]);
    for (int c = COUNTER_EVENTS_ACKED; c < COUNTER_EVENTS_IN_FLIGHT; c++)
        open -= load(&slot->cells[c]);
    if (atomic_load(&slot->account_turn) % 2 == 0)
        atomic_fetch_add(&slot->account_turn, 1);
    counter_bump(&slot->cells[COUNTER_EVENTS_LOST], open);
    store(&slot->cells[COUNTER_EVENTS_IN_FLIGHT], 0);
    atomic_fetch_add(&slot->account_turn, 1);
}

void counter_on_death(struct counter_page *page, size_t index)
{
    struct counter_slot *slot = &page->slots[index];
    atomic_store(&slot->pid, 0);
    atomic_store(&slot->beat, 0);
    close_account(slot);
    for (int c = 0; c < COUNTER_COUNT; c++)
        if (is_gauge((enum counter)c))
            store(&slot->cells[c], 0);
}

void counter_enter(struct counter_page *page, size_t index, const char *name)
{
    must(index < COUNTER_SLOTS);
    counter_on_death(page, index);
    counter_slot = &page->slots[index];
    snprintf(counter_slot->name, sizeof(counter_slot->name), "%s", name);
    counter_set(COUNTER_STARTED, counter_now());
    atomic_store(&counter_slot->pid, getpid());
}

void counter_beat(void)
{
    counter_bump(&counter_slot->beat, 1);
}

void counter_leave(void)
{
    counter_slot = &own_slot;
}

uint64_t counter_now(void)
{
    return (uint64_t)clock_mono_us() + 1;
}

/* What was received is read last: it is never less than what has ended, even between two turns. */
static bool try_account(struct counter_slot *s, uint64_t ret[COUNTER_EVENTS_END])
{
    uint64_t turn = atomic_load_explicit(&s->account_turn, memory_order_acquire);
    for (int c = COUNTER_EVENTS_END - 1; c >= 0; c--)
        ret[c] = atomic_load_explicit(&s->cells[c], memory_order_acquire);
    atomic_thread_fence(memory_order_acquire);
    return turn % 2 == 0 && turn == atomic_load_explicit(&s->account_turn, memory_order_relaxed);
}

/* A writer that was stopped in the middle leaves it open what has ended: then it is in flight. */
void counter_account(struct counter_slot *slot, uint64_t ret[COUNTER_EVENTS_END])
{
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        if (try_account(slot, ret))
            return;
        if (i % 16 == 15)
            sched_yield();
    }
    ret[COUNTER_EVENTS_IN_FLIGHT] = ret[COUNTER_EVENTS_RECEIVED];
    for (int c = COUNTER_EVENTS_ACKED; c < COUNTER_EVENTS_IN_FLIGHT; c++)
        ret[COUNTER_EVENTS_IN_FLIGHT] -= ret[c];
}

static void begin_turn(void)
{
    counter_bump(&counter_slot->account_turn, 1);
    atomic_thread_fence(memory_order_release);
}

static void end_turn(void)
{
    uint64_t turn = load(&counter_slot->account_turn);
    atomic_store_explicit(&counter_slot->account_turn, turn + 1, memory_order_release);
}

void counter_events_come(uint64_t count)
{
    begin_turn();
    counter_add(COUNTER_EVENTS_RECEIVED, count);
    counter_add(COUNTER_EVENTS_IN_FLIGHT, count);
    end_turn();
}

void counter_events_end(enum counter end, uint64_t count)
{
    if (count == 0)
        return;
    must(end > COUNTER_EVENTS_RECEIVED && end < COUNTER_EVENTS_IN_FLIGHT);
    begin_turn();
    counter_add(end, count);
    counter_add(COUNTER_EVENTS_IN_FLIGHT, 0 - count);
    end_turn();
}

static void observe(struct counter_distribution *d, const struct counter_scale *scale,
                    uint64_t value)
{
    size_t i = 0;
    while (i < COUNTER_BOUNDS && scale->bounds[i] && value > scale->bounds[i])
        i++;
    if (i < COUNTER_BOUNDS && !scale->bounds[i])
        i = COUNTER_BOUNDS;
    counter_bump(&d->buckets[i], 1);
    counter_bump(&d->sum, value);
}

void counter_observe(enum counter_histogram h, uint64_t value)
{
    observe(&counter_slot->distributions[h], &counter_scales[h], value);
}

void counter_request(size_t route, int status, uint64_t took_us)
{
    size_t code = 0;
    must(route < COUNTER_ROUTES);
    while (code < COUNTER_CODES - 1 && counter_statuses[code] != status)
        code++;
    counter_bump(&counter_slot->codes[route][code], 1);
    observe(&counter_slot->latency[route], &counter_latency, took_us);
}
