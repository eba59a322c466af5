// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Any bytes against a real server: it must live, end every connection, and understand the same
 * whether the bytes come at once or in pieces. The first byte says how long the pieces are. And the
 * two readers of a head must agree.
 */
#include "unit/lib/head_agree.h"

#include "api/route/route.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/http/http.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct loop *loop;
static struct http_server *server;
static struct sockaddr_un name;
static socklen_t name_bytes;
static struct buf story; /* what the service saw and answered */

static void on_route(void *arg, struct http_request *r, const struct route_match *match)
{
    (void)arg;
    buf_printf(&story, "(%s)", match->params[0] ? match->params[0] : "");
    http_reply(r, 200, "text/plain", r->body, r->body_bytes);
}

static const struct route routes[] = {
    {.verb = VERB_GET, .path = "/", .handler = on_route},
    {.verb = VERB_POST, .path = "/a", .body = {.bytes = 20000}, .handler = on_route},
    {.verb = VERB_GET, .path = "/a/{key}", .handler = on_route},
};

static const struct route_table table = {routes, sizeof(routes) / sizeof(*routes)};

static size_t on_head(void *arg, struct http_request *r)
{
    (void)arg;
    (void)r;
    return 20000;
}

static void on_request(void *arg, struct http_request *r)
{
    struct route_match match = {0};
    char allow[ROUTE_ALLOW_SIZE];
    enum err query_err = ERR_OK;
    const char *test = http_header(r, "x-test"), *q = http_query(r, "q", &query_err);
    must(strlen(r->path) > 0 && r->body[r->body_bytes] == '\0');
    buf_printf(&story, "%d %s?%s|%s|%s|%d|", (int)r->verb, r->path, r->query, test ? test : "",
               q ? q : "", (int)query_err);
    buf_add(&story, r->body, r->body_bytes);
    enum err err = route_find(&table, r, &match, allow);
    if (err == ERR_OK)
        match.route->handler(arg, r, &match);
    else
        http_reply(r, 404, NULL, NULL, 0);
}

static void on_reply(void *arg, const struct http_request *r, int status, int64_t took_us)
{
    (void)arg;
    (void)r;
    (void)took_us;
    buf_printf(&story, " %d\n", status);
}

static const char *error_body(void *arg, struct arena *arena, int status, const char *detail,
                              const char **ret_content_type)
{
    (void)arg;
    buf_add_str(&story, detail);
    *ret_content_type = "text/plain";
    return arena_printf(arena, "%d", status);
}

static void start(void)
{
    struct http_limits limits = {.header_bytes = 3000,
                                 .pipeline_bytes = 1000,
                                 .header_us = 60000000,
                                 .body_us = 60000000,
                                 .idle_us = 60000000,
                                 .write_us = 60000000,
                                 .connections = 10};
    struct http_service service = {.on_head = on_head,
                                   .on_request = on_request,
                                   .on_reply = on_reply,
                                   .error_body = error_body};
    name.sun_family = AF_UNIX;
    name_bytes = sizeof(name);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    must(fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t)) == 0 &&
         listen(fd, 10) == 0 && getsockname(fd, (struct sockaddr *)&name, &name_bytes) == 0);
    loop = loop_new();
    server = http_server_new(loop, &limits, &service);
    http_server_listen(server, fd);
}

static void stop(void *arg)
{
    loop_stop(arg);
}

/* One turn of the loop, and the replies read away. */
static void turn(int fd)
{
    char waste[65536];
    loop_defer(loop, stop, loop);
    loop_run(loop);
    while (recv(fd, waste, sizeof(waste), MSG_DONTWAIT) > 0)
        ;
}

/* Sends everything, waits for the end, and leaves in 'story' what was understood. */
static void run(const uint8_t *data, size_t size, size_t step)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    must(fd >= 0 && connect(fd, (struct sockaddr *)&name, name_bytes) == 0);
    buf_clear(&story);
    buf_add_str(&story, "");
    while (size > 0) {
        ssize_t n = send(fd, data, size < step ? size : step, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            break;
        data += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
        turn(fd);
    }
    shutdown(fd, SHUT_WR);
    turn(fd);
    for (unsigned turns = 0; http_server_connections(server) > 0; turns++) {
        must(turns < 1000);
        turn(fd);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!loop)
        start();
    if (size < 1)
        return 0;
    size_t step = (size_t)data[0] + 1;
    (void)head_agrees((const char *)data + 1, size - 1);
    run(data + 1, size - 1, size);
    struct buf whole = story;
    story = (struct buf){0};
    run(data + 1, size - 1, step);
    if (strcmp(whole.data, story.data) != 0) {
        fprintf(stderr, "at once:\n%s\nin pieces of %zu:\n%s\n", whole.data, step, story.data);
        mem_die("pieces were understood otherwise");
    }
    buf_done(&whole);
    return 0;
}
