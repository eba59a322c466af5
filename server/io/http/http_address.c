// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Of IPv6 a host owns 64 bits at least: counting single addresses would cap nobody. */
static size_t counted_bytes(const unsigned char key[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(key, mapped, sizeof(mapped)) == 0 ? 16 : 8;
}

static bool read_key(const struct sockaddr *peer, unsigned char key[16])
{
    if (peer->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, peer, sizeof(v6));
        memcpy(key, &v6.sin6_addr, 16);
        return true;
    }
    if (peer->sa_family != AF_INET)
        return false;
    struct sockaddr_in v4;
    memcpy(&v4, peer, sizeof(v4));
    memset(key, 0, 10);
    memset(key + 10, 0xff, 2);
    memcpy(key + 12, &v4.sin_addr, 4);
    return true;
}

static struct http_address **bucket_of(struct http_server *s, const unsigned char key[16])
{
    uint64_t words[2] = {0};
    memcpy(words, key, counted_bytes(key));
    uint64_t hash = (words[0] ^ s->address_seed) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29 ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
    return &s->addresses[(hash >> 32) % HTTP_ADDRESS_BUCKETS];
}

static struct http_address *entry_new(struct http_address **bucket, const unsigned char key[16])
{
    struct http_address *a = mem_zalloc(sizeof(*a));
    memcpy(a->key, key, 16);
    a->next = *bucket;
    *bucket = a;
    return a;
}

struct http_address *http_address_take(struct http_server *s, const void *sockaddr)
{
    unsigned char key[16];
    if (!read_key(sockaddr, key))
        return NULL;
    struct http_address **bucket = bucket_of(s, key);
    struct http_address *a = *bucket;
    while (a && memcmp(a->key, key, 16) != 0)
        a = a->next;
    if (!a)
        a = entry_new(bucket, key);
    a->count++;
    bool is_v4 = counted_bytes(key) == 16;
    if (!a->text[0])
        inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? key + 12 : key, a->text, sizeof(a->text));
    return a;
}

unsigned http_address_count(struct http_server *s, const struct http_address *a)
{
    unsigned count = 0;
    size_t bytes = counted_bytes(a->key);
    for (const struct http_address *i = *bucket_of(s, a->key); i; i = i->next)
        if (memcmp(i->key, a->key, bytes) == 0)
            count += i->count;
    return count;
}

void http_address_drop(struct http_server *s, struct http_address *a)
{
    if (!a || --a->count > 0)
        return;
    struct http_address **at = bucket_of(s, a->key);
    while (*at != a)
        at = &(*at)->next;
    *at = a->next;
    mem_free(a);
}
