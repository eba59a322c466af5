// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/net/listen.h"
#include "unit/lib/port.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int open_or_fail(const char *address, bool is_shared)
{
    int fd = -1;
    struct fault fault = {0};
    if (listen_open(address, is_shared, &fd, &fault) != ERR_OK)
        fail_msg("%s: %s", address, fault.detail);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    return fd;
}

static bool can_connect(const char *host, int port)
{
    char service[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *info;
    snprintf(service, sizeof(service), "%d", port);
    assert_int_equal(getaddrinfo(host, service, &hints, &info), 0);
    int fd = socket(info->ai_family, SOCK_STREAM, 0);
    bool is_ok = fd >= 0 && connect(fd, info->ai_addr, info->ai_addrlen) == 0;
    freeaddrinfo(info);
    close(fd);
    return is_ok;
}

static bool has_ipv6(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_ok = fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0;
    close(fd);
    return is_ok;
}

static void hosts_and_ports_are_listened_on(void **state)
{
    (void)state;
    static const char *const addresses[] = {"127.0.0.1:0", "localhost:0", ":0"};
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        int fd = open_or_fail(addresses[i], false);
        assert_true(port_of(fd) > 0);
        if (i != 1)
            assert_true(can_connect("127.0.0.1", port_of(fd)));
        if (addresses[i][0] == ':' && has_ipv6())
            assert_true(can_connect("::1", port_of(fd)));
        close(fd);
    }
    if (!has_ipv6())
        return;
    int fd = open_or_fail("[::1]:0", false);
    assert_true(can_connect("::1", port_of(fd)));
    assert_false(can_connect("127.0.0.1", port_of(fd)));
    close(fd);
}

static void a_port_is_shared_only_when_asked(void **state)
{
    (void)state;
    char address[32];
    int first = open_or_fail("127.0.0.1:0", true), fd = -1;
    snprintf(address, sizeof(address), "127.0.0.1:%d", port_of(first));
    int second = open_or_fail(address, true);
    struct fault fault;
    assert_int_equal(listen_open(address, false, &fd, &fault), ERR_IO);
    assert_int_equal(fd, -1);
    assert_non_null(strstr(fault.detail, address));
    close(first);
    close(second);
    close(open_or_fail(address, false));
}

static void wrong_addresses_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum err err;
    } wrong[] = {
        {"", ERR_INVALID},
        {"127.0.0.1", ERR_INVALID},
        {"127.0.0.1:", ERR_INVALID},
        {"127.0.0.1:x", ERR_INVALID},
        {"127.0.0.1:80x", ERR_INVALID},
        {"127.0.0.1:65536", ERR_INVALID},
        {"127.0.0.1:999999", ERR_INVALID},
        {"::1:80", ERR_INVALID},
        {"[::1:80", ERR_INVALID},
        {"[]:80", ERR_INVALID},
        {"unix:", ERR_INVALID},
        {"unix:/0123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890123456789012345678901234567",
         ERR_INVALID},
        {"[nonsense]:0", ERR_IO},
        {"192.0.2.1:0", ERR_IO},
        {"unix:/nonexistent/socket", ERR_IO},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        int fd = -1;
        struct fault fault = {0};
        assert_int_equal(listen_open(wrong[i].address, false, &fd, &fault), wrong[i].err);
        assert_int_equal(fault.code, wrong[i].err);
        assert_int_not_equal(fault.detail[0], '\0');
        assert_int_equal(fd, -1);
    }
}

static void an_old_socket_is_replaced_but_no_file(void **state)
{
    (void)state;
    char folder[] = "/tmp/listen-XXXXXX", path[64], address[80];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/socket", folder);
    snprintf(address, sizeof(address), "unix:%s", path);
    for (int i = 0; i < 2; i++) {
        int fd = open_or_fail(address, false);
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        assert_int_equal(connect(client, (struct sockaddr *)&name, sizeof(name)), 0);
        assert_int_equal(port_of(fd), 0);
        close(client);
        close(fd);
    }
    unlink(path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    int fd = -1;
    assert_int_equal(listen_open(address, false, &fd, NULL), ERR_IO);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISREG(st.st_mode));
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_and_ports_are_listened_on),
        cmocka_unit_test(a_port_is_shared_only_when_asked),
        cmocka_unit_test(wrong_addresses_are_refused),
        cmocka_unit_test(an_old_socket_is_replaced_but_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
