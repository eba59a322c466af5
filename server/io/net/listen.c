// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096

static enum err failed(int fd, const char *address, int error, struct fault *ret_fault)
{
    if (fd >= 0)
        close(fd);
    return fault_set(ret_fault, ERR_IO, "", "Cannot listen on \"%s\": %s.", address,
                     strerror(error));
}

static int open_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Only a socket is removed: a mistyped path must not cost somebody a file. */
static void remove_old_socket(const char *path)
{
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
}

static enum err open_unix(const char *address, int *ret_fd, struct fault *ret_fault)
{
    const char *path = address + strlen("unix:");
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof(name.sun_path))
        return fault_set(ret_fault, ERR_INVALID, "",
                         "The socket path in \"%s\" must have 1 to %zu bytes.", address,
                         sizeof(name.sun_path) - 1);
    memcpy(name.sun_path, path, length + 1);
    remove_old_socket(path);
    int fd = open_socket(AF_UNIX);
    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, BACKLOG))
        return failed(fd, address, errno, ret_fault);
    *ret_fd = fd;
    return ERR_OK;
}

/* Splits "host:port" or "[host]:port"; an empty host is all addresses. */
static bool split(const char *address, char host[256], char port[6])
{
    const char *colon = strrchr(address, ':');
    if (!colon)
        return false;
    const char *from = address, *to = colon;
    if (*from == '[') {
        if (to - from < 3 || to[-1] != ']')
            return false;
        from++;
        to--;
    } else if (memchr(from, ':', (size_t)(to - from))) {
        return false;
    }
    size_t digits = strspn(colon + 1, "0123456789");
    if (digits < 1 || digits > 5 || colon[1 + digits] || atoi(colon + 1) > 65535 ||
        to - from >= 256)
        return false;
    snprintf(host, 256, "%.*s", (int)(to - from), from);
    memcpy(port, colon + 1, digits + 1);
    return true;
}

static int open_address(const struct addrinfo *info, bool is_shared_port)
{
    int on = 1, off = 0;
    int fd = open_socket(info->ai_family);
    if (fd < 0)
        return -1;
    bool is_ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0;
    if (is_shared_port)
        is_ok = is_ok && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0;
    /* "all addresses" means both families on one socket */
    if (info->ai_family == AF_INET6)
        is_ok = is_ok && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0;
    if (is_ok && bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int open_any(const struct addrinfo *first, int family, bool is_shared_port)
{
    for (const struct addrinfo *i = first; i; i = i->ai_next) {
        if (family != AF_UNSPEC && i->ai_family != family)
            continue;
        int fd = open_address(i, is_shared_port);
        if (fd >= 0 || family == AF_UNSPEC)
            return fd;
    }
    return -1;
}

static enum err open_tcp(const char *address, bool is_shared_port, int *ret_fd,
                         struct fault *ret_fault)
{
    char host[256], port[6];
    if (!split(address, host, port))
        return fault_set(ret_fault, ERR_INVALID, "",
                         "\"%s\" is not host:port, [v6]:port, :port or unix:/path.", address);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    int rc = getaddrinfo(host[0] ? host : NULL, port, &hints, &list);
    if (rc)
        return fault_set(ret_fault, ERR_IO, "", "Cannot resolve \"%s\": %s.", address,
                         gai_strerror(rc));
    /* An empty host: IPv6's wildcard takes IPv4 too; where the kernel has no IPv6, IPv4's. */
    int fd = host[0] ? -1 : open_any(list, AF_INET6, is_shared_port);
    if (fd < 0)
        fd = open_any(list, host[0] ? AF_UNSPEC : AF_INET, is_shared_port);
    int error = errno;
    freeaddrinfo(list);
    if (fd < 0)
        return failed(-1, address, error, ret_fault);
    *ret_fd = fd;
    return ERR_OK;
}

enum err listen_open(const char *address, bool is_shared_port, int *ret_fd, struct fault *ret_fault)
{
    if (strncmp(address, "unix:", 5) == 0)
        return open_unix(address, ret_fd, ret_fault);
    return open_tcp(address, is_shared_port, ret_fd, ret_fault);
}
