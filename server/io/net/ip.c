// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/ip.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* What stands before a port, and without brackets. */
static bool strip(const char **text, size_t *length)
{
    const char *first_colon = memchr(*text, ':', *length);
    if (*length > 0 && **text == '[') {
        const char *end = memchr(*text, ']', *length);
        if (!end)
            return false;
        size_t rest = *length - (size_t)(end + 1 - *text);
        *length = (size_t)(end - *text) - 1;
        ++*text;
        return rest == 0 || end[1] == ':';
    }
    if (first_colon && !memchr(first_colon + 1, ':', *length - (size_t)(first_colon + 1 - *text)))
        *length = (size_t)(first_colon - *text);
    return true;
}

bool ip_parse(const char *text, size_t length, struct ip *ret)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr v4;
    if (!strip(&text, &length) || length == 0 || length >= sizeof(copy))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (inet_pton(AF_INET, copy, &v4) == 1) {
        memcpy(ret->bytes, mapped, sizeof(mapped));
        memcpy(ret->bytes + 12, &v4, 4);
        return true;
    }
    struct ip v6;
    if (inet_pton(AF_INET6, copy, v6.bytes) != 1)
        return false;
    *ret = v6;
    return true;
}

bool ip_is_v4(const struct ip *ip)
{
    return memcmp(ip->bytes, mapped, sizeof(mapped)) == 0;
}

struct ip ip_subscriber(const struct ip *ip)
{
    struct ip s = *ip;
    if (!ip_is_v4(ip))
        memset(s.bytes + 8, 0, 8);
    return s;
}

static bool is_in(const struct ip_network *n, const struct ip *ip)
{
    unsigned whole = n->bits / 8, rest = n->bits % 8;
    if (memcmp(n->ip.bytes, ip->bytes, whole) != 0)
        return false;
    return rest == 0 || (n->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest) == 0;
}

bool ip_networks_hold(const struct ip_networks *networks, const struct ip *ip)
{
    for (size_t i = 0; i < networks->count; i++)
        if (is_in(&networks->list[i], ip))
            return true;
    return false;
}

#define V4(a, b, c, bits)                                                                          \
    {                                                                                              \
        {{[10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c}}, 96 + bits                      \
    }

/* Of the registries of special addresses what is not reached from everywhere. Those for
 * documentation are not in it: they are nobody's. */
static const struct ip_network private_list[] = {
    V4(0, 0, 0, 8),                         /* this network */
    V4(10, 0, 0, 8),                        /* private */
    V4(100, 64, 0, 10),                     /* behind a provider's address translation */
    V4(127, 0, 0, 8),                       /* loopback */
    V4(169, 254, 0, 16),                    /* link-local; clouds tell their secrets there */
    V4(172, 16, 0, 12),                     /* private */
    V4(192, 0, 0, 24),                      /* protocols' own */
    V4(192, 168, 0, 16),                    /* private */
    V4(198, 18, 0, 15),                     /* measuring devices */
    V4(224, 0, 0, 4),                       /* multicast */
    V4(240, 0, 0, 4),                       /* reserved, broadcast */
    {{{0}}, 96},                            /* unspecified, loopback, IPv4 in its oldest disguise */
    {{{0x00, 0x64, 0xff, 0x9b, 0, 1}}, 48}, /* address translation of one's own */
    {{{0x01}}, 64},                         /* discarded */
    {{{0x20, 0x01}}, 32},                   /* Teredo: holds an IPv4 address turned over */
    {{{0xfc}}, 7},                          /* private */
    {{{0xfe, 0x80}}, 10},                   /* link-local */
    {{{0xfe, 0xc0}}, 10},                   /* site-local */
    {{{0xff}}, 8},                          /* multicast */
};
#undef V4

/* Addresses of IPv6 that lead to one of IPv4, which stands from byte 'at' on. */
static const struct {
    struct ip_network network;
    size_t at;
} disguises[] = {
    {{{{0x00, 0x64, 0xff, 0x9b}}, 96}, 12}, /* NAT64 */
    {{{{0x20, 0x02}}, 16}, 2},              /* 6to4 */
};

bool ip_is_private(const struct ip *ip)
{
    static const struct ip_networks networks = {private_list,
                                                sizeof(private_list) / sizeof(private_list[0])};
    struct ip inner;
    memcpy(inner.bytes, mapped, sizeof(mapped));
    for (size_t i = 0; i < sizeof(disguises) / sizeof(disguises[0]); i++) {
        if (!is_in(&disguises[i].network, ip))
            continue;
        memcpy(inner.bytes + 12, ip->bytes + disguises[i].at, 4);
        return ip_networks_hold(&networks, &inner);
    }
    return ip_networks_hold(&networks, ip);
}

static bool read_network(const char *text, size_t length, struct ip_network *ret)
{
    const char *slash = memchr(text, '/', length);
    size_t address = slash ? (size_t)(slash - text) : length;
    if (!ip_parse(text, address, &ret->ip))
        return false;
    unsigned most = ip_is_v4(&ret->ip) ? 32 : 128;
    ret->bits = 128;
    if (!slash)
        return true;
    char *end;
    long bits = strtol(slash + 1, &end, 10);
    if (end == slash + 1 || end != text + length || bits < 0 || bits > (long)most)
        return false;
    ret->bits = 128 - most + (unsigned)bits;
    return true;
}

enum err ip_networks_read(struct arena *arena, const char *text, struct ip_networks *ret,
                          struct fault *ret_fault)
{
    size_t most = 1, count = 0;
    for (const char *at = text; *at; at++)
        most += strchr(" \t,", *at) != NULL;
    struct ip_network *list = arena_zalloc(arena, most * sizeof(*list));
    for (const char *at = text + strspn(text, " \t,"); *at; at += strspn(at, " \t,")) {
        size_t length = strcspn(at, " \t,");
        if (!read_network(at, length, &list[count]))
            return fault_set(ret_fault, ERR_INVALID, "", "'%.*s' is no address and no network",
                             (int)length, at);
        count++;
        at += length;
    }
    *ret = (struct ip_networks){list, count};
    return ERR_OK;
}
