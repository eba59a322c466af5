// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the processes count, in one page of shared memory that the supervisor makes before it forks.
 * Each child has a slot of its own there and is its only writer: counting is a load and a store
 * without lock, and a child that starts again goes on where the one before it ended. Whoever has
 * the page can read all slots. One const table says what each cell means. Without a page (tools,
 * tests) a process counts for itself.
 */
#pragma once

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COUNTER_SLOTS  68 /* edges from 0, then the others */
#define COUNTER_EDGES  64
#define COUNTER_ROUTES 128 /* of one process; 0 is what no route took */
#define COUNTER_CODES  32
#define COUNTER_BOUNDS 16

enum counter_slot_index {
    COUNTER_DESK = COUNTER_EDGES,
    COUNTER_WORKER,
    COUNTER_SENDER,
    COUNTER_SUPERVISOR
};

enum counter {
    /* The events' account: received = acked + duplicate + the rejected + in flight, at each moment.
     * Only counter_events_* change these. */
    COUNTER_EVENTS_RECEIVED,
    COUNTER_EVENTS_ACKED,
    COUNTER_EVENTS_DUPLICATE,
    COUNTER_EVENTS_INVALID, /* from here on in the order of enum refusal */
    COUNTER_EVENTS_JUNK,
    COUNTER_EVENTS_TOO_LATE,
    COUNTER_EVENTS_CLOCK,
    COUNTER_EVENTS_CAMPAIGN,
    COUNTER_EVENTS_ALLOTMENT,
    COUNTER_EVENTS_SERVER_ONLY,
    COUNTER_EVENTS_REFUSED,     /* by PostgreSQL */
    COUNTER_EVENTS_BUSY,        /* too many were waiting: 503 */
    COUNTER_EVENTS_UNAVAILABLE, /* could not be stored: 503 */
    COUNTER_EVENTS_LOST,        /* their process ended before it answered */
    COUNTER_EVENTS_IN_FLIGHT,
    COUNTER_EVENTS_END, /* how many cells the account has */

    COUNTER_COMMITS_FAILED = COUNTER_EVENTS_END,
    COUNTER_SPOOL_EVENTS,     /* taken into the spool */
    COUNTER_SPOOL_DRAINED,    /* from the spool into PostgreSQL */
    COUNTER_SPOOL_BYTES,      /* gauge */
    COUNTER_SPOOL_WAITING,    /* gauge: events */
    COUNTER_SPOOL_FULL,       /* gauge: 1 while it takes no more */
    COUNTER_SPOOL_SINCE,      /* counter_now() when the oldest event in it came; 0: empty */
    COUNTER_SNAPSHOT,         /* gauge: version in use */
    COUNTER_SNAPSHOT_REFUSED, /* gauge: environments whose newest one does not fit */
    COUNTER_SNAPSHOT_ASKED,   /* counter_now() when PostgreSQL last confirmed it; 0: never */
    COUNTER_DATABASE_UP,      /* gauge: connections */
    COUNTER_DATABASE_LOST,    /* connections that broke */
    COUNTER_CONNECTIONS,      /* gauge: of clients */
    COUNTER_CERTIFICATE,      /* gauge: when it ends, in seconds since 1970; 0: none */
    COUNTER_LIMITED_KEY,
    COUNTER_LIMITED_ADDRESS,
    COUNTER_LIMITED_QUOTA,
    COUNTER_LIMITED_LOGIN,
    COUNTER_STARTED,  /* counter_now() when the process began; 0: it does not run */
    COUNTER_RESTARTS, /* of this slot's process; the supervisor writes it */
    COUNTER_COUNT
};

enum counter_histogram {
    HISTOGRAM_COMMIT, /* microseconds */
    HISTOGRAM_BATCH,  /* events of one commit */
    HISTOGRAM_COUNT
};

struct counter_distribution {
    _Atomic uint64_t buckets[COUNTER_BOUNDS + 1]; /* the last: beyond all bounds */
    _Atomic uint64_t sum;
};

/* Slots begin at lines of their own: no two processes write one line. */
struct counter_slot {
    alignas(128) _Atomic uint64_t cells[COUNTER_COUNT];
    _Atomic uint64_t account_turn; /* odd while the account is being changed */
    _Atomic int pid;               /* 0: nobody */
    _Atomic uint64_t beat;         /* changes while its loop turns; 0: it has not yet */
    char name[32];
    struct counter_distribution distributions[HISTOGRAM_COUNT];
    struct counter_distribution latency[COUNTER_ROUTES];
    _Atomic uint64_t codes[COUNTER_ROUTES][COUNTER_CODES];
};

struct counter_page {
    struct counter_slot slots[COUNTER_SLOTS];
};

enum counter_kind {
    COUNTER_SUM,       /* grows; shown as the sum of all slots */
    COUNTER_GAUGE_SUM, /* goes up and down; shown as a sum */
    COUNTER_GAUGE,     /* shown for each process */
    COUNTER_GROWING,   /* grows; shown for each process */
    COUNTER_AGE        /* a counter_now(), shown as seconds since, for each process; 0: not shown */
};

/* Bits: which processes have a cell. */
enum counter_who { WHO_EDGE = 1, WHO_DESK = 2, WHO_WORKER = 4, WHO_SENDER = 8, WHO_ALL = 15 };

/* What a cell is called. Cells of one name stand together and differ by their label. */
struct counter_row {
    const char *name;
    const char *label; /* reason="invalid"; NULL: none */
    enum counter_kind kind;
    unsigned who;
    const char *help; /* of the first cell of a name */
};

extern const struct counter_row counter_rows[COUNTER_COUNT];

struct counter_scale {
    const char *name;
    const char *help;
    uint64_t bounds[COUNTER_BOUNDS]; /* rising; 0: no more */
    double unit;                     /* what is shown is value * unit */
};

extern const struct counter_scale counter_scales[HISTOGRAM_COUNT];
extern const struct counter_scale counter_latency; /* of requests */

/* The statuses by their index in 'codes'; the last one is for all others: 0. */
extern const int counter_statuses[COUNTER_CODES];

/* Made once, by the supervisor; never given back. */
struct counter_page *counter_page_new(void);
/* This process counts in slot 'index' from now on. What the slot's former owner left
 * unanswered is put to COUNTER_EVENTS_LOST, its gauges to 0. 'name' is copied. */
void counter_enter(struct counter_page *page, size_t index, const char *name);
/* This process counts for itself from now on. For a child of a child, which owns no slot. */
void counter_leave(void);
/* This process is alive: its slot's beat becomes another. */
void counter_beat(void);
/* The supervisor says that the owner of slot 'index' has ended. */
void counter_on_death(struct counter_page *page, size_t index);

/* Reads the whole account of a slot, as it stood between two changes. */
void counter_account(struct counter_slot *slot, uint64_t ret[COUNTER_EVENTS_END]);
/* Returns microseconds of a clock that all processes share; never 0. */
uint64_t counter_now(void);

/* Where this process counts; never NULL. Only the functions here use it. */
extern struct counter_slot *counter_slot;

static inline void counter_bump(_Atomic uint64_t *cell, uint64_t by)
{
    uint64_t value = atomic_load_explicit(cell, memory_order_relaxed);
    atomic_store_explicit(cell, value + by, memory_order_relaxed);
}

static inline void counter_add(enum counter c, uint64_t by)
{
    counter_bump(&counter_slot->cells[c], by);
}

static inline void counter_set(enum counter c, uint64_t value)
{
    atomic_store_explicit(&counter_slot->cells[c], value, memory_order_relaxed);
}

static inline uint64_t counter_get(enum counter c)
{
    return atomic_load_explicit(&counter_slot->cells[c], memory_order_relaxed);
}

void counter_observe(enum counter_histogram h, uint64_t value);
/* Counts one reply. 'route' is the route's index in the process's table, from 1; 0: no route took
 * it. */
void counter_request(size_t route, int status, uint64_t took_us);

/* Events have been read from a request: they are in flight. */
void counter_events_come(uint64_t count);
/* Says what became of some of them; 'end' is a cell of the account. */
void counter_events_end(enum counter end, uint64_t count);
