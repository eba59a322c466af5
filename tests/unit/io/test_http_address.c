// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/http/http_private.h"
#include "unit/lib/http_peer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct http_address *take(struct peer *p, const char *text)
{
    struct sockaddr_storage name = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&name;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&name;
    bool is_v6 = strchr(text, ':') != NULL;
    name.ss_family = is_v6 ? AF_INET6 : AF_INET;
    void *to = is_v6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr;
    assert_int_equal(inet_pton(name.ss_family, text, to), 1);
    return http_address_take(p->server, &name);
}

/* Takes both, expects this count for the second, drops both. */
static void expect(struct peer *p, const char *one, const char *two, unsigned count)
{
    struct http_address *a = take(p, one), *b = take(p, two);
    assert_int_equal(http_address_count(p->server, b), count);
    http_address_drop(p->server, a);
    assert_int_equal(http_address_count(p->server, b), 1);
    http_address_drop(p->server, b);
}

static void addresses_are_counted_by_who_owns_them(void **state)
{
    (void)state;
    struct peer *p = peer_new(NULL);
    expect(p, "192.0.2.1", "192.0.2.1", 2);
    expect(p, "192.0.2.1", "192.0.2.2", 1);
    expect(p, "::ffff:192.0.2.1", "192.0.2.1", 2);
    expect(p, "::ffff:192.0.2.1", "192.0.2.2", 1);
    expect(p, "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", 2);
    expect(p, "2001:db8:0:1::1", "2001:db8:0:2::1", 1);
    peer_free(p);
}

static void addresses_have_one_text(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"192.0.2.1", "192.0.2.1"},
                                           {"::ffff:192.0.2.1", "192.0.2.1"},
                                           {"2001:DB8::0:1", "2001:db8::1"}};
    struct peer *p = peer_new(NULL);
    for (size_t i = 0; i < 3; i++) {
        struct http_address *a = take(p, texts[i][0]);
        assert_string_equal(a->text, texts[i][1]);
        http_address_drop(p->server, a);
    }
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_null(http_address_take(p->server, &local));
    peer_free(p);
}

static void many_addresses_come_and_go(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static struct http_address *all[COUNT];
    struct peer *p = peer_new(NULL);
    char text[40];
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof(text), "2001:db8:%x:%x::1", i / 256, i % 256);
        all[i] = take(p, text);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(http_address_count(p->server, all[i]), 1);
        http_address_drop(p->server, all[i]);
    }
    for (int i = 0; i < HTTP_ADDRESS_BUCKETS; i++)
        assert_null(p->server->addresses[i]);
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_counted_by_who_owns_them),
        cmocka_unit_test(addresses_have_one_text),
        cmocka_unit_test(many_addresses_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
