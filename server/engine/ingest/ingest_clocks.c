// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ingest/ingest_clocks.h"

#include "base/mem.h"
#include "model/event/sender_clock.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#define WAYS 4
/* Whoever holds the lock is done within a microsecond, or is stopped: then it is not waited for. */
#define TRIES 1000

struct entry {
    uint64_t tag;  /* 0: empty */
    uint64_t used; /* the turn when it was used last */
    struct sender_clock clock;
};

struct ingest_clocks {
    pthread_mutex_t lock;
    size_t sets;
    uint64_t turn;
    unsigned char seed[crypto_shorthash_KEYBYTES];
    struct entry entries[];
};

struct ingest_clocks *ingest_clocks_new(size_t sets)
{
    must(sets > 0 && (sets & (sets - 1)) == 0);
    struct ingest_clocks *t = mmap(NULL, sizeof(*t) + sets * WAYS * sizeof(struct entry),
                                   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(t != MAP_FAILED);
    t->sets = sets;
    must(getrandom(t->seed, sizeof(t->seed), 0) == sizeof(t->seed));
    pthread_mutexattr_t shared;
    must(pthread_mutexattr_init(&shared) == 0);
    must(pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED) == 0);
    must(pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST) == 0);
    must(pthread_mutex_init(&t->lock, &shared) == 0);
    pthread_mutexattr_destroy(&shared);
    return t;
}

static uint64_t tag_of(const struct ingest_clocks *t, const struct ingest_sender *sender)
{
    unsigned char who[300];
    uint64_t tag;
    size_t length = strnlen(sender->visitor_id, sizeof(who) - sizeof(int) - 1);
    memcpy(who, &sender->environment_id, sizeof(int));
    who[sizeof(int)] = sender->is_public;
    memcpy(who + sizeof(int) + 1, sender->visitor_id, length);
    crypto_shorthash((unsigned char *)&tag, who, sizeof(int) + 1 + length, t->seed);
    return tag ? tag : 1;
}

/* What a process that died was in the middle of is one entry, whose parts are numbers each. */
static bool lock(struct ingest_clocks *t)
{
    for (int i = 0; i < TRIES; i++) {
        int found = pthread_mutex_trylock(&t->lock);
        if (found == EOWNERDEAD)
            found = pthread_mutex_consistent(&t->lock);
        if (found == 0)
            return true;
    }
    return false;
}

static struct entry *find_or_take(struct ingest_clocks *t, uint64_t tag)
{
    struct entry *set = &t->entries[(tag & (t->sets - 1)) * WAYS], *oldest = set;
    for (int way = 0; way < WAYS; way++) {
        if (set[way].tag == tag)
            return &set[way];
        if (set[way].used < oldest->used)
            oldest = &set[way];
    }
    *oldest = (struct entry){.tag = tag};
    return oldest;
}

bool ingest_clocks_right(struct ingest_clocks *t, const struct ingest_sender *sender,
                         int64_t behind_us, int64_t told_us, int64_t *ret_us)
{
    struct sender_clock stranger = {0}, *clock = &stranger;
    uint64_t tag = tag_of(t, sender);
    bool is_locked = lock(t);
    if (is_locked) {
        struct entry *entry = find_or_take(t, tag);
        entry->used = ++t->turn;
        clock = &entry->clock;
    }
    sender_clock_hear(clock, behind_us);
    bool is = sender_clock_right(clock, told_us, ret_us);
    if (is_locked)
        pthread_mutex_unlock(&t->lock);
    return is;
}
