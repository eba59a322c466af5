// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/access.h"

#include "base/clock.h"
#include "base/mem.h"

#include <sodium.h>
#include <string.h>

#define SLOTS       1024u
#define REMEMBER_US (5 * SECOND_US)

struct slot {
    uint8_t hash[TOKEN_HASH_BYTES];
    enum access_kind kind;
    int64_t until_us; /* 0: empty */
    bool is_held;
    struct holder holder;
};

struct access {
    struct loop *loop;
    struct pg *pg;
    uint64_t generation; /* what was asked before access_forget is not remembered */
    struct slot slots[SLOTS];
};

struct asking {
    struct access *access;
    uint8_t hash[TOKEN_HASH_BYTES];
    enum access_kind kind;
    uint64_t generation;
    enum err result;
    struct holder holder;
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

static bool is_remembered(const struct slot *slot, const struct asking *asking)
{
    return slot->until_us > clock_mono_us() && slot->kind == asking->kind &&
           sodium_memcmp(slot->hash, asking->hash, TOKEN_HASH_BYTES) == 0;
}

static void tell(void *arg)
{
    struct asking *asking = arg;
    asking->fn(asking->arg, asking->result, asking->result ? NULL : &asking->holder);
    mem_free(asking);
}

static void remember(const struct asking *asking)
{
    struct access *a = asking->access;
    if (asking->generation != a->generation)
        return;
    struct slot *slot = slot_of(a, asking->hash);
    memcpy(slot->hash, asking->hash, sizeof(slot->hash));
    slot->kind = asking->kind;
    slot->until_us = clock_mono_us() + REMEMBER_US;
    slot->is_held = asking->result == ERR_OK;
    slot->holder = asking->holder;
}

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct asking *asking = arg;
    if (answer->result) {
        asking->result = holder_read(answer->result, &asking->holder) ? ERR_OK : ERR_UNAUTHORIZED;
        remember(asking);
    } else {
        asking->result = answer->fault->code;
    }
    tell(asking);
}

void access_find(struct access *a, enum access_kind kind, const char *token, access_fn *fn,
                 void *arg)
{
    struct asking *asking = mem_zalloc(sizeof(*asking));
    *asking = (struct asking){
        .access = a, .kind = kind, .generation = a->generation, .fn = fn, .arg = arg};
    token_hash(token, asking->hash);
    const struct slot *slot = slot_of(a, asking->hash);
    if (!token_is_plausible(token)) {
        asking->result = ERR_UNAUTHORIZED;
        loop_defer(a->loop, tell, asking);
    } else if (is_remembered(slot, asking)) {
        asking->result = slot->is_held ? ERR_OK : ERR_UNAUTHORIZED;
        asking->holder = slot->holder;
        loop_defer(a->loop, tell, asking);
    } else if (kind == ACCESS_KEY) {
        holder_send_by_key(a->pg, asking->hash, on_answer, asking);
    } else {
        holder_send_by_session(a->pg, asking->hash, on_answer, asking);
    }
}
