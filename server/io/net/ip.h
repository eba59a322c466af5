// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Internet addresses as 16 bytes, those of IPv4 mapped into IPv6, and lists of networks. Pure.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ip {
    uint8_t bytes[16];
};

/* "192.0.2.1", "2001:db8::1", also as "[…]" or with a port behind ("192.0.2.1:80",
 * "[2001:db8::1]:80"). False: it is none. */
bool ip_parse(const char *text, size_t length, struct ip *ret);
bool ip_is_v4(const struct ip *ip);
/* Of no network that is reached over the internet: loopback, link-local, private, reserved,
 * multicast; also where such an address of IPv4 stands inside one of IPv6. Nobody comes from there
 * over the internet, and nothing may be sent there for somebody who named the address. */
bool ip_is_private(const struct ip *ip);
/* What one subscriber holds: the address of IPv4, the first 64 bits of IPv6 (the rest 0). */
struct ip ip_subscriber(const struct ip *ip);

struct ip_network {
    struct ip ip;
    unsigned bits; /* that count, of 128 */
};

struct ip_networks {
    const struct ip_network *list;
    size_t count;
};

/* Reads "127.0.0.1, 10.0.0.0/8, 2001:db8::/32" into the arena; an empty text is an empty list.
 * ERR_INVALID names the part that is none. */
enum err ip_networks_read(struct arena *arena, const char *text, struct ip_networks *ret,
                          struct fault *ret_fault) must_use;
bool ip_networks_hold(const struct ip_networks *networks, const struct ip *ip);
