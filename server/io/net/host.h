// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The names that a port is reached by. Whoever owns a name can let it lead to any address, so that
 * a page of that name asks servers of its reader's own network (DNS rebinding): what the browser
 * then says as Host gives it away. Addresses and loopback names are nobody's, and always known.
 */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

struct host_names;

/* 'list': names with commas between. 'url': where else it is reached; or NULL. The machine's own
 * name is added. */
struct host_names *host_names_new(struct arena *arena, const char *list, const char *url);
/* Is this value of a Host header, with or without a port, one of them? */
bool host_names_hold(const struct host_names *names, const char *host);
/* Was any name given? Without one, whoever reaches it through a proxy may call it anything. */
bool host_names_are_given(const struct host_names *names);
