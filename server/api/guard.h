// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who may ask how often. Limits hold for all edges of a machine together (base/limit.h) and begin
 * anew with the server. The address is that of the connection; only a peer that is listed among the
 * trusted proxies, or speaks through a unix socket, is believed when it names another one
 * (X-Forwarded-For, from the right). Addresses count by /64 in IPv6. Private addresses have no
 * limit at the edge: they are one's own servers and proxies. Nor have secret keys: one server asks
 * with them for many visitors.
 */
#pragma once

#include "base/ip.h"
#include "base/limit.h"
#include "io/http.h"
#include "model/snapshot.h"

/* Made before the first fork; never given back. */
struct guard_tables {
    struct limit_table *addresses, *keys, *quotas, *logins;
};

void guard_tables_init(struct guard_tables *t);

struct guard_options {
    struct guard_tables
        *tables; /* NULL for guard_new: nothing is limited; for guard_set: as before */
    struct ip_networks trusted;
    int64_t address_requests_per_second; /* these: 0 for no limit */
    int64_t key_requests_per_second;
    int64_t key_events_per_day;
    int64_t login_failures_per_minute;
};

struct guard;

/* The options are copied. */
struct guard *guard_new(const struct guard_options *options);
void guard_set(struct guard *g, const struct guard_options *options);
void guard_free(struct guard *g);

/* The address of who asks; false when there is none (a unix socket, no proxy's word). */
bool guard_find_ip(const struct guard *g, const struct http_request *request, struct ip *ret);
/* Did a trusted proxy take the request over TLS? */
bool guard_is_tls(const struct guard *g, const struct http_request *request);

/* The edge's requests; 'key' is NULL when none is known. False: it was answered with 429. */
bool guard_admit(struct guard *g, struct http_request *request, const struct snapshot_key *key);
/* So many events come with a key. False: it was answered with 429. */
bool guard_admit_events(struct guard *g, struct http_request *request,
                        const struct snapshot_key *key, size_t count);
/* Before a login link, a session or a key is looked up. False: it was answered with 429. */
bool guard_admit_login(struct guard *g, struct http_request *request);
/* It was not known. */
void guard_on_login_failed(struct guard *g, const struct http_request *request);
