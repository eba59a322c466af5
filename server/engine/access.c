// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access.h"

#include "base/clock.h"
#include "base/mem.h"

#include <sodium.h>
#include <string.h>

#define SLOTS       1024u
#define REMEMBER_US (5 * SECOND_US)

struct slot {
    uint8_t hash[ACCESS_HASH_BYTES];
    enum access_kind kind;
    int64_t until_us; /* 0: empty */
    bool is_held;
    struct access_holder holder;
};

struct access {
    struct loop *loop;
    struct pg *pg;
    uint64_t generation; /* what was asked before access_forget is not remembered */
    struct slot slots[SLOTS];
};

struct lookup {
    struct access *access;
    uint8_t hash[ACCESS_HASH_BYTES];
    enum access_kind kind;
    uint64_t generation;
    enum err result;
    struct access_holder holder;
    access_fn *fn;
    void *arg;
};

struct access *access_new(struct loop *l, struct pg *pg)
{
    struct access *a = mem_zalloc(sizeof(*a));
    a->loop = l;
    a->pg = pg;
    return a;
}

void access_free(struct access *a)
{
    mem_free(a);
}

void access_forget(struct access *a)
{
    a->generation++;
    memset(a->slots, 0, sizeof(a->slots));
}

/* A slot is found by a hash that nobody can choose; who comes later takes it over. */
static struct slot *slot_of(struct access *a, const uint8_t *hash)
{
    return &a->slots[(hash[0] | (unsigned)hash[1] << 8) % SLOTS];
}

static bool is_remembered(const struct slot *slot, const struct lookup *lookup)
{
    return slot->until_us > clock_mono_us() && slot->kind == lookup->kind &&
           sodium_memcmp(slot->hash, lookup->hash, ACCESS_HASH_BYTES) == 0;
}

static void tell(void *arg)
{
    struct lookup *lookup = arg;
    lookup->fn(lookup->arg, lookup->result, lookup->result ? NULL : &lookup->holder);
    mem_free(lookup);
}

static void remember(const struct lookup *lookup)
{
    struct access *a = lookup->access;
    if (lookup->generation != a->generation)
        return;
    struct slot *slot = slot_of(a, lookup->hash);
    memcpy(slot->hash, lookup->hash, sizeof(slot->hash));
    slot->kind = lookup->kind;
    slot->until_us = clock_mono_us() + REMEMBER_US;
    slot->is_held = lookup->result == ERR_OK;
    slot->holder = lookup->holder;
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct lookup *lookup = arg;
    if (answer->result) {
        lookup->result = access_read(answer->result, &lookup->holder) ? ERR_OK : ERR_UNAUTHORIZED;
        remember(lookup);
    } else {
        lookup->result = answer->fault->code;
    }
    tell(lookup);
}

bool access_remembers(struct access *a, enum access_kind kind, const char *token)
{
    struct lookup lookup = {.kind = kind};
    access_token_hash(token, lookup.hash);
    return is_remembered(slot_of(a, lookup.hash), &lookup);
}

void access_find(struct access *a, enum access_kind kind, const char *token, access_fn *fn,
                 void *arg)
{
    struct lookup *lookup = mem_zalloc(sizeof(*lookup));
    *lookup = (struct lookup){
        .access = a, .kind = kind, .generation = a->generation, .fn = fn, .arg = arg};
    access_token_hash(token, lookup->hash);
    const struct slot *slot = slot_of(a, lookup->hash);
    if (is_remembered(slot, lookup)) {
        lookup->result = slot->is_held ? ERR_OK : ERR_UNAUTHORIZED;
        lookup->holder = slot->holder;
        loop_defer(a->loop, tell, lookup);
    } else if (kind == ACCESS_KEY) {
        access_send_key(a->pg, lookup->hash, on_answer, lookup);
    } else {
        access_send_session(a->pg, lookup->hash, on_answer, lookup);
    }
}
