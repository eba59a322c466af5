// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who may ask how often. Limits hold for all edges of a machine together (base/limit.h) and begin
 * anew with the server. The address is that of the connection; only a peer that is listed among the
 * trusted proxies, or speaks through a unix socket, is believed when it names another one
 * (X-Forwarded-For, from the right). Addresses count by /64 in IPv6. Private addresses have no
 * limit at the edge: they are one's own servers and proxies. Nor have secret keys: one server asks
 * with them for many visitors.
 *
 * Passwords can be guessed, so attempts are counted, right ones too: of one account from one
 * address, which then has to wait; of one account, and of one address, where more than some have to
 * queue up. Who signed in to an account from an address before need not queue for what others try.
 * Keys, links and sessions are not counted: nobody guesses 256 bits.
 */
#pragma once

#include "base/process/limit.h"
#include "io/http/http.h"
#include "io/net/ip.h"
#include "model/event/refusal.h"
#include "model/snapshot/snapshot.h"

/* Made before the first fork; never given back. */
struct guard_tables {
    struct limit_table *addresses, *keys, *quotas;
    struct limit_table *pairs, *queues, *friends; /* of those who sign in */
};

void guard_tables_init(struct guard_tables *t);

struct guard_options {
    struct guard_tables
        *tables; /* NULL for guard_new: nothing is limited; for guard_set: as before */
    struct ip_networks trusted;
    int64_t address_requests_per_second; /* these: 0 for no limit */
    int64_t key_requests_per_second;
    int64_t key_events_per_day;
    int64_t login_attempts_per_minute;
};

struct guard;

/* The options are copied. */
struct guard *guard_new(const struct guard_options *options);
void guard_set(struct guard *g, const struct guard_options *options);
void guard_free(struct guard *g);

/* The address of who asks; false when there is none (a unix socket, no proxy's word). */
bool guard_find_ip(const struct guard *g, const struct http_request *request, struct ip *ret);
/* Is the peer one of the trusted proxies, or a unix socket's, which speak for others? */
bool guard_is_proxy(const struct guard *g, const struct http_request *request);
/* Did a trusted proxy take the request over TLS? */
bool guard_is_tls(const struct guard *g, const struct http_request *request);

/* Counts a request at the edge; 'key' is NULL when none is known. Returns false when it is one too
 * many; it has then been answered with 429, and *ret_why says which limit it was. */
bool guard_admit(struct guard *g, struct http_request *request, const struct snapshot_key *key,
                 enum refusal *ret_why);
/* Counts so many events of a key. Returns false when they are too many; the request has then been
 * answered with 429: REFUSAL_QUOTA. */
bool guard_admit_events(struct guard *g, struct http_request *request,
                        const struct snapshot_key *key, size_t count);
/* Counts a request of who shows no key, by the address. As guard_admit. */
bool guard_admit_anybody(struct guard *g, struct http_request *request);
/* Counts an attempt to sign in to 'account'. Returns false when it is one too many; the request has
 * then been answered with 429. Else *ret_wait_us is how long its turn is away, 10 s at most. */
bool guard_admit_password(struct guard *g, struct http_request *request, const char *account,
                          int64_t *ret_wait_us);
/* The attempt was right: its address begins anew with this account, and is known to it. */
void guard_on_password_right(struct guard *g, const struct http_request *request,
                             const char *account);
/* Replies 429 for an attempt that cannot even wait. */
void guard_refuse_password(struct http_request *request);
