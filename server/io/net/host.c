// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/net/host.h"

#include "base/text.h"
#include "io/net/ip.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MACHINE_SIZE 256

struct host_names {
    const char *list; /* names, each between commas */
    bool are_given;
};

static void add(struct buf *b, const char *name, size_t length)
{
    if (length > 0) {
        buf_add(b, name, length);
        buf_add_char(b, ',');
    }
}

/* Of "[::1]:8401" the address, of "name:8401" the name. */
static size_t length_of_host(const char **host)
{
    if (**host == '[') {
        ++*host;
        return strcspn(*host, "]");
    }
    return strcspn(*host, ":/");
}

static size_t without_dot(const char *name, size_t length)
{
    return length > 1 && name[length - 1] == '.' ? length - 1 : length;
}

struct host_names *host_names_new(struct arena *arena, const char *list, const char *url)
{
    struct host_names *names = arena_zalloc(arena, sizeof(*names));
    auto_buf struct buf b = {0};
    char machine[MACHINE_SIZE] = "";
    const char *after = url ? strstr(url, "://") : NULL;
    buf_add_char(&b, ',');
    if (gethostname(machine, sizeof(machine) - 1) == 0)
        add(&b, machine, strlen(machine));
    if (after) {
        const char *host = after + 3;
        size_t length = length_of_host(&host);
        add(&b, host, length);
        names->are_given |= length > 0;
    }
    for (const char *at = list; *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        add(&b, at, length);
        names->are_given |= length > 0;
        at += length;
    }
    names->list = arena_strndup(arena, b.data, b.length);
    return names;
}

static bool is_loopback(const char *name, size_t length)
{
    static const char local[] = "localhost";
    size_t tail = sizeof(local) - 1;
    return length >= tail && strncasecmp(name + length - tail, local, tail) == 0 &&
           (length == tail || name[length - tail - 1] == '.');
}

bool host_names_hold(const struct host_names *names, const char *host)
{
    struct ip ip;
    size_t length = length_of_host(&host);
    if (ip_parse(host, length, &ip))
        return true;
    length = without_dot(host, length);
    if (length == 0 || is_loopback(host, length))
        return true;
    for (const char *at = names->list; *at; at += strcspn(at, ",")) {
        at++;
        if (strcspn(at, ",") == length && strncasecmp(at, host, length) == 0)
            return true;
    }
    return false;
}

bool host_names_are_given(const struct host_names *names)
{
    return names->are_given;
}
