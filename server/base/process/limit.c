// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process/limit.h"

#include "base/mem.h"

#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#define DAY_SHIFT 40

struct limit_table *limit_table_new(size_t sets)
{
    must(sets > 0 && (sets & (sets - 1)) == 0);
    size_t head = 64, bytes = head + sets * LIMIT_WAYS * sizeof(struct limit_entry);
    char *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(page != MAP_FAILED && sizeof(struct limit_table) <= head);
    struct limit_table *t = (void *)page;
    t->sets = sets;
    t->entries = (void *)(page + head);
    must(getrandom(t->seed, sizeof(t->seed), 0) == sizeof(t->seed));
    return t;
}

struct limit_rate limit_rate_of(int64_t count, int64_t period_s, int64_t burst)
{
    if (count <= 0)
        return (struct limit_rate){0};
    uint64_t interval_ns = UINT64_C(1000000000) * (uint64_t)period_s / (uint64_t)count;
    return (struct limit_rate){interval_ns ? interval_ns : 1, burst > 0 ? (uint64_t)burst : 1};
}

static uint64_t tag_of(const struct limit_table *t, const void *who, size_t who_bytes)
{
    uint64_t tag;
    _Static_assert(sizeof(tag) == crypto_shorthash_BYTES, "a tag is one hash");
    crypto_shorthash((unsigned char *)&tag, who, who_bytes, t->seed);
    return tag ? tag : 1;
}

static struct limit_entry *find(struct limit_table *t, uint64_t tag, struct limit_entry **ret_least)
{
    struct limit_entry *set = &t->entries[(tag >> 32 & (t->sets - 1)) * LIMIT_WAYS];
    uint64_t least = UINT64_MAX;
    for (int way = 0; way < LIMIT_WAYS; way++) {
        if (atomic_load_explicit(&set[way].tag, memory_order_relaxed) == tag)
            return &set[way];
        uint64_t value = atomic_load_explicit(&set[way].value, memory_order_relaxed);
        if (value < least || way == 0) {
            least = value;
            *ret_least = &set[way];
        }
    }
    return NULL;
}

/* Takes over the entry that is worth the least. Two who come at one moment may both believe to have
 * found it: one of them is then counted a little less. */
static struct limit_entry *find_or_take(struct limit_table *t, uint64_t tag)
{
    struct limit_entry *least, *found = find(t, tag, &least);
    if (found)
        return found;
    uint64_t value = atomic_load_explicit(&least->value, memory_order_relaxed);
    atomic_store_explicit(&least->tag, tag, memory_order_relaxed);
    atomic_compare_exchange_strong_explicit(&least->value, &value, 0, memory_order_relaxed,
                                            memory_order_relaxed);
    return least;
}

static uint64_t wait_us(const struct limit_rate *rate, uint64_t full_ns, uint64_t now_ns,
                        uint64_t *ret_full_ns)
{
    uint64_t from = full_ns > now_ns ? full_ns : now_ns;
    *ret_full_ns = from + rate->interval_ns;
    uint64_t most = now_ns + rate->interval_ns * rate->burst;
    return *ret_full_ns > most ? (*ret_full_ns - most + 999) / 1000 : 0;
}

uint64_t limit_take(struct limit_table *t, const struct limit_rate *rate, const void *who,
                    size_t who_bytes, uint64_t now_us)
{
    if (rate->interval_ns == 0)
        return 0;
    struct limit_entry *e = find_or_take(t, tag_of(t, who, who_bytes));
    uint64_t full_ns = atomic_load_explicit(&e->value, memory_order_relaxed), next_ns;
    do {
        uint64_t wait = wait_us(rate, full_ns, now_us * 1000, &next_ns);
        if (wait > 0)
            return wait;
    } while (!atomic_compare_exchange_weak_explicit(&e->value, &full_ns, next_ns,
                                                    memory_order_relaxed, memory_order_relaxed));
    return 0;
}

uint64_t limit_look(struct limit_table *t, const struct limit_rate *rate, const void *who,
                    size_t who_bytes, uint64_t now_us)
{
    struct limit_entry *least;
    if (rate->interval_ns == 0)
        return 0;
    struct limit_entry *e = find(t, tag_of(t, who, who_bytes), &least);
    uint64_t next_ns;
    return e ? wait_us(rate, atomic_load_explicit(&e->value, memory_order_relaxed), now_us * 1000,
                       &next_ns)
             : 0;
}

void limit_forget(struct limit_table *t, const void *who, size_t who_bytes)
{
    struct limit_entry *least, *e = find(t, tag_of(t, who, who_bytes), &least);
    if (e)
        atomic_store_explicit(&e->value, 0, memory_order_relaxed);
}

bool limit_count(struct limit_table *t, const void *who, size_t who_bytes, int32_t day, uint64_t by,
                 uint64_t most)
{
    struct limit_entry *e = find_or_take(t, tag_of(t, who, who_bytes));
    uint64_t today = (uint64_t)(uint32_t)day << DAY_SHIFT;
    uint64_t value = atomic_load_explicit(&e->value, memory_order_relaxed), next;
    do {
        uint64_t count = value >> DAY_SHIFT == (uint32_t)day ? value - today : 0;
        if (count + by > most)
            return false;
        next = today + count + by;
    } while (!atomic_compare_exchange_weak_explicit(&e->value, &value, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return true;
}
