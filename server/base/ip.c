// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ip.h"

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

bool ip_is_private(const struct ip *ip)
{
#define V4(a, b, bits)                                                                             \
    {                                                                                              \
        {{[10] = 0xff, [11] = 0xff, [12] = a, [13] = b}}, 96 + bits                                \
    }
    static const struct ip_network list[] = {
        V4(127, 0, 8),    V4(10, 0, 8),        V4(172, 16, 12),     V4(192, 168, 16),
        V4(169, 254, 16), {{{[15] = 1}}, 128}, {{{[0] = 0xfc}}, 7}, {{{0xfe, 0x80}}, 10},
    };
#undef V4
    static const struct ip_networks networks = {list, sizeof(list) / sizeof(list[0])};
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
