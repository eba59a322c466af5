// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/guard.h"

#include "api/problem.h"
#include "base/clock.h"
#include "base/counter.h"
#include "base/mem.h"

#include <string.h>
#include <strings.h>

/* Entries are four times as many: 512 KiB of addresses, 16 KiB of the others. */
#define ADDRESS_SETS 8192
#define OTHER_SETS   256
/* A page that loads much at once is not stopped: so many seconds' worth may come in one. */
#define BURST_S 10

struct guard {
    struct arena *arena;
    struct guard_options options;
    struct limit_rate address, key, login;
};

void guard_tables_init(struct guard_tables *t)
{
    *t = (struct guard_tables){limit_table_new(ADDRESS_SETS), limit_table_new(OTHER_SETS),
                               limit_table_new(OTHER_SETS), limit_table_new(OTHER_SETS)};
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
    g->login = limit_rate_of(o->login_failures_per_minute, 60, o->login_failures_per_minute);
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

static bool is_trusted_peer(const struct guard *g, const struct http_request *request)
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
    const char *list = is_trusted_peer(g, request) ? http_header(request, "x-forwarded-for") : NULL;
    if (list && read_forwarded(g, list, ret))
        return true;
    if (request->peer_ip)
        memcpy(ret->bytes, request->peer_ip, sizeof(ret->bytes));
    return request->peer_ip != NULL;
}

bool guard_is_tls(const struct guard *g, const struct http_request *request)
{
    if (!is_trusted_peer(g, request))
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

bool guard_admit(struct guard *g, struct http_request *request, const struct snapshot_key *key)
{
    if (!g->options.tables)
        return true;
    if ((!key || key->role == ROLE_CLIENT) && !admit_address(g, request))
        return false;
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
    if (!g->options.tables || most == 0 ||
        limit_count(g->options.tables->quotas, &key->id, sizeof(key->id), clock_day(now_us), count,
                    (uint64_t)most))
        return true;
    return refuse(request, COUNTER_LIMITED_QUOTA, (uint64_t)(DAY_US - now_us % DAY_US),
                  "this key has sent its events of the day (UTC)");
}

static bool find_subscriber(const struct guard *g, const struct http_request *request,
                            struct ip *ret)
{
    struct ip ip;
    if (!g->options.tables || !guard_find_ip(g, request, &ip))
        return false;
    *ret = ip_subscriber(&ip);
    return true;
}

bool guard_admit_login(struct guard *g, struct http_request *request)
{
    struct ip ip;
    if (!find_subscriber(g, request, &ip))
        return true;
    uint64_t wait_us =
        limit_look(g->options.tables->logins, &g->login, &ip, sizeof(ip), counter_now());
    return wait_us == 0 || refuse(request, COUNTER_LIMITED_LOGIN, wait_us,
                                  "too many failed attempts from this address");
}

void guard_on_login_failed(struct guard *g, const struct http_request *request)
{
    struct ip ip;
    if (find_subscriber(g, request, &ip))
        (void)limit_take(g->options.tables->logins, &g->login, &ip, sizeof(ip), counter_now());
}
