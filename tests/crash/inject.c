// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Preloaded into meted: what the kernel may do but hardly ever does. In children (once they have
 * given themselves a name) one call in METE_INJECT_SOCKETS on a socket is interrupted, finds no
 * room, or moves fewer bytes than it could; in edges one allocation in METE_INJECT_ALLOC fails.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The C library's own, by the names it keeps for those who take their place. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
int prctl(int option, ...);

static uint64_t state;
static uint64_t sockets, allocations; /* one in so many; 0: none */

static bool is_chosen(uint64_t one_in)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return one_in > 0 && state % one_in == 0;
}

static uint64_t setting(const char *name)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

/* A child says who it is: from here on it suffers. */
int prctl(int option, ...)
{
    va_list ap;
    unsigned long a[4];
    va_start(ap, option);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(ap, unsigned long);
    va_end(ap);
    if (option == PR_SET_NAME) {
        const char *name;
        memcpy(&name, &a[0], sizeof(name));
        state = (uint64_t)getpid() * UINT64_C(0x9e3779b97f4a7c15) | 1;
        sockets = setting("METE_INJECT_SOCKETS");
        allocations = strncmp(name, "edge-", 5) == 0 ? setting("METE_INJECT_ALLOC") : 0;
    }
    return (int)syscall(SYS_prctl, option, a[0], a[1], a[2], a[3]);
}

void *malloc(size_t bytes)
{
    return is_chosen(allocations) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return is_chosen(allocations) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    return is_chosen(allocations) ? NULL : __libc_realloc(old, bytes);
}

static ssize_t fail(int error)
{
    errno = error;
    return -1;
}

/* A TCP socket is read until it gives less than was asked for; only then will it tell of more. So
 * what is read of it is never cut short here: no kernel does that. */
static bool is_cuttable(int fd)
{
    int domain = 0;
    socklen_t length = sizeof(domain);
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
}

ssize_t recv(int fd, void *to, size_t room, int flags)
{
    if (is_chosen(sockets))
        return fail(EINTR);
    if (room > 1 && is_chosen(sockets) && is_cuttable(fd))
        room = 1 + state % room;
    return recvfrom(fd, to, room, flags, NULL, NULL);
}

ssize_t send(int fd, const void *from, size_t length, int flags)
{
    if (is_chosen(sockets))
        return fail(state & 256 ? EINTR : EAGAIN);
    if (length > 1 && is_chosen(sockets))
        length = 1 + state % length;
    return sendto(fd, from, length, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct iovec first;
    struct msghdr cut = *message;
    if (is_chosen(sockets))
        return fail(state & 256 ? EINTR : EAGAIN);
    if (cut.msg_iovlen > 0 && cut.msg_iov->iov_len > 1 && is_chosen(sockets)) {
        first = *cut.msg_iov;
        first.iov_len = 1 + state % first.iov_len;
        cut.msg_iov = &first;
        cut.msg_iovlen = 1;
    }
    return syscall(SYS_sendmsg, fd, &cut, flags);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    if (is_chosen(sockets))
        return (int)fail(state & 256 ? EINTR : ECONNABORTED);
    return (int)syscall(SYS_accept4, fd, address, length, flags);
}
