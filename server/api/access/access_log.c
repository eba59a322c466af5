// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/access_log.h"

#include "api/route/guard.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "store/access/audit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define LINES     16 /* of a window; what is left over is counted by its action alone */
#define ACTIONS   8
#define WINDOW_US (60 * SECOND_US)
#define CALM_US   (600 * SECOND_US)

struct line {
    const char *action;
    int64_t environment_id;
    int64_t count; /* not yet written */
    char actor[32];
    char resource[128];
    char address[INET6_ADDRSTRLEN];
};

struct book {
    struct access_log *log;
    struct loop_timer *timer;
    struct line lines[LINES + ACTIONS];
    size_t line_count, rest_count;
};

struct access_log {
    struct pg *pg;
    struct book refusals, readings;
};

static void on_written(void *arg, const struct pg_answer *answer)
{
    (void)arg;
    (void)answer; /* with the database away nobody is let in, and nothing is read */
}

static void write_line(struct access_log *log, const struct line *line, int64_t count)
{
    auto_buf struct buf after = {0};
    buf_printf(&after, "{\"count\":%lld", (long long)count);
    if (line->address[0]) {
        json_add_key(&after, "address");
        json_add_string(&after, line->address);
    }
    buf_add_char(&after, '}');
    const struct audit_note note = {.actor = line->actor,
                                    .environment_id = line->environment_id,
                                    .action = line->action,
                                    .resource = line->resource,
                                    .after = after.data};
    audit_send_note(log->pg, &note, on_written, NULL);
}

static void close_window(struct book *b)
{
    for (size_t i = 0; i < LINES + ACTIONS; i++)
        if (b->lines[i].count > 0)
            write_line(b->log, &b->lines[i], b->lines[i].count);
    memset(b->lines, 0, sizeof(b->lines));
    b->line_count = b->rest_count = 0;
}

static void on_window(void *arg)
{
    struct book *b = arg;
    bool was_too_much = b->rest_count > 0;
    close_window(b);
    if (was_too_much)
        loop_timer_set(b->timer, CALM_US);
}

static void open_book(struct book *b, struct access_log *log, struct loop *l)
{
    b->log = log;
    b->timer = loop_timer_new(l, on_window, b);
}

struct access_log *access_log_new(struct loop *l, struct pg *pg)
{
    struct access_log *log = mem_zalloc(sizeof(*log));
    log->pg = pg;
    open_book(&log->refusals, log, l);
    open_book(&log->readings, log, l);
    return log;
}

void access_log_free(struct access_log *log)
{
    loop_timer_free(log->refusals.timer);
    loop_timer_free(log->readings.timer);
    mem_free(log);
}

void access_log_flush(struct access_log *log)
{
    close_window(&log->refusals);
    close_window(&log->readings);
}

static bool is_same(const struct line *a, const struct line *b)
{
    return strcmp(a->action, b->action) == 0 && a->environment_id == b->environment_id &&
           strcmp(a->actor, b->actor) == 0 && strcmp(a->resource, b->resource) == 0 &&
           strcmp(a->address, b->address) == 0;
}

/* Where those are counted for which there is no room. */
static struct line *find_rest(struct book *b, const char *action)
{
    struct line *rest = &b->lines[LINES];
    size_t i = 0;
    while (i < b->rest_count && strcmp(rest[i].action, action) != 0)
        i++;
    must(i < ACTIONS);
    if (i == b->rest_count) {
        b->rest_count++;
        rest[i] = (struct line){.action = action, .actor = "several", .resource = "*"};
    }
    return &rest[i];
}

static void add(struct book *b, const struct line *line)
{
    if (b->line_count + b->rest_count == 0)
        loop_timer_set(b->timer, WINDOW_US);
    for (size_t i = 0; i < b->line_count; i++) {
        if (is_same(&b->lines[i], line)) {
            b->lines[i].count++;
            return;
        }
    }
    if (b->line_count == LINES) {
        find_rest(b, line->action)->count++;
        return;
    }
    b->lines[b->line_count++] = *line;
    write_line(b->log, line, 1);
}

/* Cut where it is too long, before a letter that is not whole. */
static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

static void copy_address(char *to, size_t size, const struct ip *ip)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    bool is_four = memcmp(ip->bytes, mapped, sizeof(mapped)) == 0;
    inet_ntop(is_four ? AF_INET : AF_INET6, is_four ? ip->bytes + 12 : ip->bytes, to,
              (socklen_t)size);
}

static struct line line_of(const char *action, const char *actor, const char *resource)
{
    struct line line = {.action = action};
    copy_text(line.actor, sizeof(line.actor), actor);
    copy_text(line.resource, sizeof(line.resource), resource);
    return line;
}

void access_log_refusal(const struct desk_request *r, const char *action, const char *actor,
                        const char *resource)
{
    struct line line = line_of(action, actor ? actor : "unknown", resource);
    struct ip ip;
    if (guard_find_ip(r->desk->guard, r->http, &ip)) {
        ip = ip_subscriber(&ip);
        copy_address(line.address, sizeof(line.address), &ip);
    }
    add(&r->desk->access_log->refusals, &line);
}

void access_log_reading(const struct desk_request *r, const char *action, const char *resource)
{
    struct line line = line_of(action, desk_request_actor(r), resource);
    line.environment_id = r->environment_id;
    add(&r->desk->access_log->readings, &line);
}
