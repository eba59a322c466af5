// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/password.h"

#include "base/mem.h"
#include "io/net/thread_pool.h"

#include <string.h>

#define LANES        2
#define WAITING_MOST 16 /* in a lane */
#define OPS          crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEMORY       crypto_pwhash_MEMLIMIT_INTERACTIVE

struct lane {
    struct thread_pool *pool;
    size_t waiting;
};

struct password {
    struct lane lanes[LANES];
};

struct work {
    struct lane *lane;
    char *stored, *given, *wanted; /* or NULL */
    struct password_answer answer;
    password_fn *fn;
    void *arg;
};

struct password *password_new(struct loop *l)
{
    struct password *p = mem_zalloc(sizeof(*p));
    for (size_t i = 0; i < LANES; i++)
        p->lanes[i].pool = thread_pool_new(l);
    return p;
}

void password_free(struct password *p)
{
    for (size_t i = 0; i < LANES; i++)
        thread_pool_free(p->lanes[i].pool);
    mem_free(p);
}

static bool make(const char *password, char ret_hash[crypto_pwhash_STRBYTES])
{
    return crypto_pwhash_str(ret_hash, password, strlen(password), OPS, MEMORY) == 0;
}

/* Without a stored hash one is made and thrown away: who asks cannot tell by the time it takes. */
static bool is_right(const struct work *w)
{
    char unused[crypto_pwhash_STRBYTES];
    if (!w->given)
        return true;
    if (w->stored)
        return crypto_pwhash_str_verify(w->stored, w->given, strlen(w->given)) == 0;
    (void)make(w->given, unused);
    return false;
}

static void work(void *arg)
{
    struct work *w = arg;
    w->answer.is_right = is_right(w);
    if (w->answer.is_right && w->wanted)
        must(make(w->wanted, w->answer.made));
}

static void forget(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    mem_free(text);
}

static void done(void *arg)
{
    struct work *w = arg;
    w->lane->waiting--;
    w->fn(w->arg, &w->answer);
    forget(w->given);
    forget(w->wanted);
    mem_free(w->stored);
    mem_free(w);
}

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

enum err password_send(struct password *p, const struct password_question *question,
                       password_fn *fn, void *arg)
{
    struct lane *lane = &p->lanes[0];
    for (size_t i = 1; i < LANES; i++)
        if (p->lanes[i].waiting < lane->waiting)
            lane = &p->lanes[i];
    if (lane->waiting >= WAITING_MOST)
        return ERR_BUSY;
    struct work *w = mem_zalloc(sizeof(*w));
    *w = (struct work){.lane = lane,
                       .stored = copy(question->stored),
                       .given = copy(question->given),
                       .wanted = copy(question->wanted),
                       .fn = fn,
                       .arg = arg};
    lane->waiting++;
    thread_pool_send(lane->pool, work, done, w);
    return ERR_OK;
}
