// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/net/ip.h"

#include <string.h>

static struct ip read(const char *text)
{
    struct ip ip;
    assert_true(ip_parse(text, strlen(text), &ip));
    return ip;
}

static void is_same(const char *a, const char *b)
{
    struct ip x = read(a), y = read(b);
    assert_memory_equal(x.bytes, y.bytes, 16);
}

static void addresses_are_read_in_all_their_forms(void **state)
{
    (void)state;
    is_same("192.0.2.1", "::ffff:192.0.2.1");
    is_same("192.0.2.1:8080", "192.0.2.1");
    is_same("[2001:db8::1]", "2001:db8::1");
    is_same("[2001:db8::1]:443", "2001:0DB8:0:0::1");
    const char *const wrong[] = {"",           "x",         "1.2.3",    "1.2.3.4.5",   "[::1",
                                 "[::1]x",     "256.1.1.1", "unknown",  ":::",         "1.2.3.4/8",
                                 "fe80::1%lo", "_hidden",   "[1.2.3]:", "01.2.3.4444", " 1.2.3.4"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct ip ip;
        assert_false(ip_parse(wrong[i], strlen(wrong[i]), &ip));
    }
    struct ip part;
    assert_true(ip_parse("192.0.2.1, x", 9, &part));
}

static void private_addresses_are_known(void **state)
{
    (void)state;
    const char *const near[] = {
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.1", "::1", "192.168.4.5",
        "fd12::1", "fe80::1", "169.254.1.1",
        /* this network, providers' translation, protocols, measuring, multicast, reserved */
        "0.0.0.0", "0.1.2.3", "100.64.0.1", "100.127.255.255", "192.0.0.8", "198.18.0.1",
        "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        /* the same of IPv6 */
        "::", "::2", "100::1", "ff02::1", "fec0::1", "64:ff9b:1::1", "2001::1",
        /* addresses of IPv4 inside */
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:c0a8:101::", "64:ff9b::0.0.0.0"};
    const char *const far[] = {
        "8.8.8.8",        "172.32.0.1",       "172.15.0.1",      "192.169.0.1", "2001:db8::1",
        "11.0.0.1",       "1.0.0.1",          "100.63.255.255",  "100.128.0.1", "192.0.1.1",
        "198.17.255.255", "198.20.0.1",       "223.255.255.255", "192.0.2.1",   "2606:4700::1111",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:1::1",   "fbff::1",
        "101::1"};
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        struct ip ip = read(near[i]);
        if (!ip_is_private(&ip))
            fail_msg("%s is not private", near[i]);
    }
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        struct ip ip = read(far[i]);
        if (ip_is_private(&ip))
            fail_msg("%s is private", far[i]);
    }
}

static void a_subscriber_is_a_network_of_ipv6(void **state)
{
    (void)state;
    struct ip a = read("2001:db8:1:2:3::4"), b = read("2001:db8:1:2:ffff::9");
    struct ip c = read("2001:db8:1:3::4"), v4 = read("192.0.2.7");
    struct ip x = ip_subscriber(&a), y = ip_subscriber(&b), z = ip_subscriber(&c);
    assert_memory_equal(x.bytes, y.bytes, 16);
    assert_memory_not_equal(x.bytes, z.bytes, 16);
    x = ip_subscriber(&v4);
    assert_memory_equal(x.bytes, v4.bytes, 16);
}

static bool holds(const struct ip_networks *n, const char *text)
{
    struct ip ip = read(text);
    return ip_networks_hold(n, &ip);
}

static void lists_of_networks(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct ip_networks n;
    struct fault fault;
    const char *text = " 127.0.0.1, 10.0.0.0/8\t192.0.2.128/25,2001:db8::/33,, ::/128 ";
    assert_int_equal(ip_networks_read(arena, text, &n, &fault), ERR_OK);
    assert_int_equal(n.count, 5);
    const char *const in[] = {"127.0.0.1", "10.255.0.1", "192.0.2.129", "2001:db8:7fff::1", "::"};
    const char *const out[] = {"127.0.0.2", "11.0.0.1", "192.0.2.127", "2001:db8:8000::1", "::1"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(holds(&n, in[i]));
        assert_false(holds(&n, out[i]));
    }
    assert_int_equal(ip_networks_read(arena, "", &n, &fault), ERR_OK);
    assert_int_equal(n.count, 0);
    const char *const wrong[] = {"x",      "10.0.0.0/33", "10.0.0.0/",
                                 "::/129", "10.0.0.0/-1", "1.2.3.4/8x"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(ip_networks_read(arena, wrong[i], &n, &fault), ERR_INVALID);
        assert_non_null(strstr(fault.detail, wrong[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_in_all_their_forms),
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(a_subscriber_is_a_network_of_ipv6),
        cmocka_unit_test(lists_of_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
