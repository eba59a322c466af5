// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/task.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/process/log.h"
#include "store/connection.h"

struct task {
    struct task_list *list;
    const struct task_row *row;
    struct loop_timer *timer;
    bool is_under_way;
    bool is_woken; /* while it was under way */
};

struct link {
    struct task_list *list;
    enum task_connection which;
    const char *name;
    struct connection *connection;
};

struct task_list {
    struct arena *arena;
    const struct worker_options *options;
    struct link links[TASK_CONNECTIONS];
    struct task *tasks;
    size_t count;
    bool is_stopped;
};

static const char *const link_names[] = {[TASK_CARE] = "care", [TASK_LOOKS] = "looks"};

static void send(struct task *t);

static void on_answer(void *arg, const struct pg_answer *answer)
{
    struct task *t = arg;
    const struct worker_options *options = t->list->options;
    t->is_under_way = false;
    if (t->list->is_stopped)
        return;
    if (!answer->result && answer->sqlstate[0] != '\0')
        log_error("%s: %s (%s)", t->row->name, answer->fault->detail, answer->sqlstate);
    bool is_due = t->is_woken;
    t->is_woken = false;
    if (answer->result && t->row->on_done)
        is_due = t->row->on_done(options, answer->result) || is_due;
    if (answer->result && is_due)
        send(t);
    else
        loop_timer_set(t->timer, t->row->period_us);
}

/* Where the connection is away, on_ready begins anew. */
static void send(struct task *t)
{
    struct connection *c = t->list->links[t->row->connection].connection;
    if (t->is_under_way || !connection_is_ready(c))
        return;
    const struct task_call call = {connection_pg(c), t->list->options, t->row, on_answer, t};
    t->is_under_way = t->row->send(&call);
    if (!t->is_under_way)
        loop_timer_set(t->timer, t->row->period_us);
}

static void on_timer(void *arg)
{
    send(arg);
}

void task_list_wake(struct task_list *list, enum task_connection which)
{
    for (size_t i = 0; i < list->count && !list->is_stopped; i++)
        if (list->tasks[i].row->connection == which) {
            list->tasks[i].is_woken = list->tasks[i].is_under_way;
            send(&list->tasks[i]);
        }
}

static void on_ready(void *arg)
{
    const struct link *link = arg;
    log_info("%s: connected to the database", link->name);
    task_list_wake(link->list, link->which);
}

static void on_down(void *arg, const char *why)
{
    const struct link *link = arg;
    log_warn("%s: no connection to the database: %s", link->name, why);
}

static void on_unfit(void *arg, const char *why)
{
    const struct link *link = arg;
    const struct worker_options *options = link->list->options;
    if (!link->list->is_stopped)
        options->on_unfit(options->arg, why);
}

static void open_link(struct loop *l, struct task_list *list, enum task_connection which)
{
    struct link *link = &list->links[which];
    *link = (struct link){.list = list, .which = which, .name = link_names[which]};
    const struct connection_options options = {
        .user = CONNECTION_WORKER,
        .conninfo = list->options->conninfo,
        .name = arena_printf(list->arena, "%s %s", list->options->name, link->name),
        .on_ready = on_ready,
        .on_unfit = on_unfit,
        .on_down = on_down,
        .arg = link,
    };
    link->connection = connection_open(l, &options);
}

struct task_list *task_list_new(struct loop *l, const struct task_row *rows, size_t count,
                                const struct worker_options *options)
{
    struct task_list *list = mem_zalloc(sizeof(*list));
    list->arena = arena_new(0);
    list->options = options;
    list->count = count;
    list->tasks = arena_zalloc(list->arena, count * sizeof(*list->tasks));
    for (size_t i = 0; i < count; i++) {
        struct task *t = &list->tasks[i];
        *t = (struct task){.list = list, .row = &rows[i], .timer = loop_timer_new(l, on_timer, t)};
    }
    for (int which = 0; which < TASK_CONNECTIONS; which++)
        open_link(l, list, (enum task_connection)which);
    return list;
}

void task_list_stop(struct task_list *list)
{
    list->is_stopped = true;
    for (size_t i = 0; i < list->count; i++)
        loop_timer_clear(list->tasks[i].timer);
}

void task_list_free(struct task_list *list)
{
    task_list_stop(list);
    for (int which = 0; which < TASK_CONNECTIONS; which++)
        connection_close(list->links[which].connection);
    for (size_t i = 0; i < list->count; i++)
        loop_timer_free(list->tasks[i].timer);
    arena_free(list->arena);
    mem_free(list);
}
