// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How often somebody may do something, counted for all processes of a machine together: tables of
 * fixed size in shared memory, made before the first fork. Whoever is counted stands in one of four
 * entries that its hash leads to; when all four are taken, the one that has used the least of its
 * share is forgotten. So a flood of strangers costs no memory, and cannot wash out those who are
 * over their limit. No locks: an entry is two words, changed by compare and swap.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT_WAYS 4

struct limit_entry {
    _Atomic uint64_t tag;   /* 0: empty */
    _Atomic uint64_t value; /* a rate: when the bucket is full again; a quota: day and count */
};

struct limit_table {
    size_t sets; /* a power of two */
    unsigned char seed[16];
    struct limit_entry *entries; /* sets * LIMIT_WAYS */
};

/* Of about 'sets' times four entries; never given back. */
struct limit_table *limit_table_new(size_t sets);

struct limit_rate {
    uint64_t interval_ns; /* one more is allowed after it; 0: no limit */
    uint64_t burst;       /* so many at once */
};

/* 'count' in each 'period_s' seconds, at most 'burst' at once. 0: no limit. */
struct limit_rate limit_rate_of(int64_t count, int64_t period_s, int64_t burst);

/* Who is counted: any bytes. Microseconds until it is allowed; 0: it was, and is counted. */
uint64_t limit_take(struct limit_table *t, const struct limit_rate *rate, const void *who,
                    size_t who_bytes, uint64_t now_us);
/* Answers as limit_take does, and counts nothing. */
uint64_t limit_look(struct limit_table *t, const struct limit_rate *rate, const void *who,
                    size_t who_bytes, uint64_t now_us);

/* Gives 'who' its whole share of a rate back. */
void limit_forget(struct limit_table *t, const void *who, size_t who_bytes);

/* Adds 'by' to what was counted on 'day' unless that would be more than 'most': then false. */
bool limit_count(struct limit_table *t, const void *who, size_t who_bytes, int32_t day, uint64_t by,
                 uint64_t most);
