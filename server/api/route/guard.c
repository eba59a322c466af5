// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/route/guard.h"

#include "api/route/problem.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/token.h"

#include <string.h>
#include <strings.h>

/* Entries of 16 bytes are four times as many. */
#define ADDRESS_SETS 8192
#define SIGN_IN_SETS 4096
#define OTHER_SETS   256
/* A page that loads much at once is not stopped: so many seconds' worth may come in one. */
#define BURST_S 10
/* How many times as many attempts one account, and one address, have before they queue up. */
#define ACCOUNT_SHARE 3
#define ADDRESS_SHARE 10
#define QUEUE_US      (10 * SECOND_US)
#define FRIEND_S      (30 * INT64_C(86400))

/* Beyond the burst of 'free' its turns are one interval apart; 'all' has the room to wait, too. */
struct queue {
    struct limit_rate free, all;
};

struct guard {
    struct arena *arena;
    struct guard_options options;
    struct limit_rate address, key, pair;
    struct queue account_queue, address_queue;
};

void guard_tables_init(struct guard_tables *t)
{
    *t = (struct guard_tables){limit_table_new(ADDRESS_SETS), limit_table_new(OTHER_SETS),
                               limit_table_new(OTHER_SETS),   limit_table_new(SIGN_IN_SETS),
                               limit_table_new(SIGN_IN_SETS), limit_table_new(SIGN_IN_SETS)};
}

static struct queue queue_of(int64_t attempts_per_minute)
{
    struct limit_rate free = limit_rate_of(attempts_per_minute, 60, attempts_per_minute),
                      all = free;
    if (free.interval_ns > 0)
        all.burst += (uint64_t)QUEUE_US * 1000 / free.interval_ns;
    return (struct queue){free, all};
}

void guard_set(struct guard *g, const struct guard_options *o)
{
    struct ip_network *list;
    arena_reset(g->arena);
    list = arena_alloc(g->arena, (o->trusted.count + 1) * sizeof(*list));
    memcpy(list, o->trusted.list, o->trusted.count * sizeof(*list));
    struct guard_tables *tables = o->tables ? o->tables : g->options.tables;
    g->options = *o;
    g->options.trusted.list = list;
    g->options.tables = tables;
    int64_t address = o->address_requests_per_second, key = o->key_requests_per_second;
    g->address = limit_rate_of(address, 1, address * BURST_S);
    g->key = limit_rate_of(key, 1, key * BURST_S);
    int64_t attempts = o->login_attempts_per_minute;
    g->pair = limit_rate_of(attempts, 60, attempts);
    g->account_queue = queue_of(ACCOUNT_SHARE * attempts);
    g->address_queue = queue_of(ADDRESS_SHARE * attempts);
}

struct guard *guard_new(const struct guard_options *options)
{
    struct guard *g = mem_zalloc(sizeof(*g));
    g->arena = arena_new(0);
    guard_set(g, options);
    return g;
}

void guard_free(struct guard *g)
{
    arena_free(g->arena);
    mem_free(g);
}

bool guard_is_proxy(const struct guard *g, const struct http_request *request)
{
    struct ip ip;
    if (!request->peer_ip)
        return true;
    memcpy(ip.bytes, request->peer_ip, sizeof(ip.bytes));
    return g->options.trusted.count > 0 && ip_networks_hold(&g->options.trusted, &ip);
}

/* From the right: each proxy adds whom it heard; the first one that is not trusted is as far as the
 * words can be believed. */
static bool read_forwarded(const struct guard *g, const char *list, struct ip *ret)
{
    bool is_found = false;
    const char *end = list + strlen(list);
    while (end > list) {
        const char *begin = end;
        while (begin > list && begin[-1] != ',')
            begin--;
        const char *from = begin + strspn(begin, " \t");
        size_t length = strcspn(from, " \t,");
        struct ip ip;
        if (from >= end || !ip_parse(from, length, &ip))
            return is_found;
        *ret = ip;
        is_found = true;
        if (!ip_networks_hold(&g->options.trusted, &ip))
            return true;
        end = begin > list ? begin - 1 : list;
    }
    return is_found;
}

bool guard_find_ip(const struct guard *g, const struct http_request *request, struct ip *ret)
{
    const char *list = guard_is_proxy(g, request) ? http_header(request, "x-forwarded-for") : NULL;
    if (list && read_forwarded(g, list, ret))
        return true;
    if (request->peer_ip)
        memcpy(ret->bytes, request->peer_ip, sizeof(ret->bytes));
    return request->peer_ip != NULL;
}

bool guard_is_tls(const struct guard *g, const struct http_request *request)
{
    if (!guard_is_proxy(g, request))
        return false;
    const char *scheme = http_header(request, "x-forwarded-proto");
    return scheme && strcasecmp(scheme, "https") == 0;
}

static bool refuse(struct http_request *request, enum counter limit, uint64_t wait_us,
                   const char *detail)
{
    counter_add(limit, 1);
    problem_limited(request, wait_us, detail);
    return false;
}

static bool admit_address(struct guard *g, struct http_request *request)
{
    struct ip ip;
    if (g->address.interval_ns == 0 || !guard_find_ip(g, request, &ip) || ip_is_private(&ip))
        return true;
    ip = ip_subscriber(&ip);
    uint64_t wait_us =
        limit_take(g->options.tables->addresses, &g->address, &ip, sizeof(ip), counter_now());
    return wait_us == 0 ||
           refuse(request, COUNTER_LIMITED_ADDRESS, wait_us, "too many requests from this address");
}

bool guard_admit_anybody(struct guard *g, struct http_request *request)
{
    return !g->options.tables || admit_address(g, request);
}

bool guard_admit(struct guard *g, struct http_request *request, const struct snapshot_key *key,
                 enum refusal *ret_why)
{
    if (!g->options.tables)
        return true;
    *ret_why = REFUSAL_ADDRESS;
    if ((!key || key->role == ROLE_CLIENT) && !admit_address(g, request))
        return false;
    *ret_why = REFUSAL_KEY;
    if (!key || g->key.interval_ns == 0)
        return true;
    uint64_t wait_us =
        limit_take(g->options.tables->keys, &g->key, &key->id, sizeof(key->id), counter_now());
    return wait_us == 0 ||
           refuse(request, COUNTER_LIMITED_KEY, wait_us, "too many requests with this key");
}

bool guard_admit_events(struct guard *g, struct http_request *request,
                        const struct snapshot_key *key, size_t count)
{
    int64_t most = g->options.key_events_per_day, now_us = clock_wall_us();
    if (!g->options.tables || most == 0 || key->has_backfill ||
        limit_count(g->options.tables->quotas, &key->id, sizeof(key->id), clock_day(now_us), count,
                    (uint64_t)most))
        return true;
    return refuse(request, COUNTER_LIMITED_QUOTA, (uint64_t)(DAY_US - now_us % DAY_US),
                  "this key has sent its events of the day (UTC)");
}

/* Who tries what: zero where it does not matter. */
struct attempt {
    struct ip ip;
    uint8_t account[TOKEN_HASH_BYTES];
};

static struct attempt attempt_of(const struct guard *g, const struct http_request *request,
                                 const char *account)
{
    struct attempt a = {0};
    struct ip ip;
    if (guard_find_ip(g, request, &ip))
        a.ip = ip_subscriber(&ip);
    token_hash(account, a.account);
    return a;
}

/* False: the queue is full. */
static bool queue_up(struct limit_table *t, const struct queue *queue, const struct attempt *a,
                     uint64_t now_us, int64_t *wait_us)
{
    uint64_t wait = limit_look(t, &queue->free, a, sizeof(*a), now_us);
    if (limit_take(t, &queue->all, a, sizeof(*a), now_us) > 0)
        return false;
    if ((int64_t)wait > *wait_us)
        *wait_us = (int64_t)wait;
    return true;
}

static const struct limit_rate friendship = {UINT64_C(1000000000) * FRIEND_S, 1};

bool guard_admit_password(struct guard *g, struct http_request *request, const char *account,
                          int64_t *ret_wait_us)
{
    const struct guard_tables *t = g->options.tables;
    const struct attempt pair = attempt_of(g, request, account);
    struct attempt of_account = pair, of_address = pair;
    uint64_t now_us = counter_now();
    int64_t queue_us = 0;
    *ret_wait_us = 0;
    if (!t || g->pair.interval_ns == 0)
        return true;
    uint64_t pair_us = limit_take(t->pairs, &g->pair, &pair, sizeof(pair), now_us);
    if (pair_us > 0)
        return refuse(request, COUNTER_LIMITED_LOGIN, pair_us,
                      "too many attempts to sign in to this account from this address");
    if (limit_look(t->friends, &friendship, &pair, sizeof(pair), now_us) > 0)
        return true;
    memset(&of_account.ip, 0, sizeof(of_account.ip));
    memset(of_address.account, 0, sizeof(of_address.account));
    if (!queue_up(t->queues, &g->account_queue, &of_account, now_us, &queue_us) ||
        !queue_up(t->queues, &g->address_queue, &of_address, now_us, &queue_us)) {
        guard_refuse_password(request);
        return false;
    }
    *ret_wait_us = queue_us;
    return true;
}

void guard_on_password_right(struct guard *g, const struct http_request *request,
                             const char *account)
{
    const struct guard_tables *t = g->options.tables;
    const struct attempt pair = attempt_of(g, request, account);
    if (!t)
        return;
    limit_forget(t->pairs, &pair, sizeof(pair));
    limit_forget(t->friends, &pair, sizeof(pair));
    (void)limit_take(t->friends, &friendship, &pair, sizeof(pair), counter_now());
}

void guard_refuse_password(struct http_request *request)
{
    refuse(request, COUNTER_LIMITED_LOGIN, (uint64_t)QUEUE_US,
           "too many attempts to sign in: try again in a moment");
}
