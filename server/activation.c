// SPDX-License-Identifier: GPL-3.0-or-later
#include "activation.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3

/* Is it said to this very process? What an ancestor was told is not for its children. */
static bool is_for_us(const char *variable)
{
    const char *pid = getenv(variable);
    return pid && atoll(pid) == (long long)getpid();
}

/* It does not block, and nobody inherits it. */
static bool prepare(int fd)
{
    int is_listening = 0;
    socklen_t length = sizeof(is_listening);
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &length) == 0 && is_listening;
}

static enum err take(struct activation *a, int fd, const char *name, struct fault *fault)
{
    if (!prepare(fd))
        return fault_set(fault, ERR_INVALID, "", "the file '%s' (%d) is no socket that listens",
                         name, fd);
    if (strcmp(name, "edge") == 0 && a->edge_count < ACTIVATION_EDGES)
        a->edges[a->edge_count++] = fd;
    else if (strcmp(name, "desk") == 0 && a->desk < 0)
        a->desk = fd;
    else
        return fault_set(fault, ERR_INVALID, "",
                         "a socket called '%s': up to %d may be called edge and one desk", name,
                         ACTIVATION_EDGES);
    return ERR_OK;
}

enum err activation_read(struct activation *ret, struct fault *ret_fault)
{
    struct activation a = {.desk = -1};
    char names[2048] = "";
    const char *listed = getenv("LISTEN_FDNAMES"), *count = getenv("LISTEN_FDS");
    int end = FIRST_FD + (count && is_for_us("LISTEN_PID") ? atoi(count) : 0);
    if (listed && strlen(listed) < sizeof(names))
        memcpy(names, listed, strlen(listed) + 1);
    char *rest = names;
    for (int fd = FIRST_FD; fd < end; fd++) {
        const char *name = strsep(&rest, ":");
        enum err e = take(&a, fd, name ? name : "", ret_fault);
        if (e)
            return e;
    }
    *ret = a;
    return ERR_OK;
}

void activation_tell(const char *state)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t length = path ? strlen(path) : 0;
    if (length < 2 || length >= sizeof(name.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(name.sun_path, path, length);
    if (path[0] == '@') /* a name without a file */
        name.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&name,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    close(fd);
}

int64_t activation_watchdog_us(void)
{
    const char *text = getenv("WATCHDOG_USEC");
    int64_t us = text && (!getenv("WATCHDOG_PID") || is_for_us("WATCHDOG_PID")) ? atoll(text) : 0;
    return us > 0 ? us / 2 : 0;
}
