// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor.h"

#include "activation.h"
#include "advice.h"
#include "api/route/guard.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "child.h"
#include "child_tls.h"
#include "engine/ingest/ingest_clocks.h"
#include "hang.h"
#include "io/net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILDREN_MAX 67
/* 32,768 senders at once: 2 MB. */
#define CLOCK_SETS 8192

struct member {
    struct child_spec spec;
    pid_t pid; /* 0: not running */
    int64_t started_us;
    int64_t start_at_us; /* when not running */
    int deaths_in_a_row;
    struct hang hang;
};

struct supervisor {
    struct settings *settings;
    struct counter_page *counters;
    struct guard_tables limits;
    struct ingest_clocks *clocks;
    struct child_tls tls;
    struct activation activation;
    int64_t watchdog_us; /* 0: nobody wants to hear of it */
    int64_t looked_us;   /* when it was last looked for children that hang */
    int argc;
    char **argv;
    struct member members[CHILDREN_MAX];
    size_t member_count;
    sigset_t signals, signals_before;
    bool is_ready; /* READY=1 was told */
    int64_t ready_most_us;
    bool is_stopping;
    int64_t kill_at_us;
    int exit_status;
};

static const int watched[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};

static void start(struct supervisor *s, struct member *m)
{
    m->spec.parent = getpid();
    m->spec.signals = s->signals_before;
    m->started_us = clock_mono_us();
    pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < s->member_count; i++)
            if (&s->members[i] != m && s->members[i].spec.listen_fd >= 0)
                close(s->members[i].spec.listen_fd);
        exit(child_run(&m->spec, s->settings, s->argc, s->argv));
    }
    if (pid < 0) {
        log_error("cannot fork: %s", strerror(errno));
        m->start_at_us = clock_mono_us() + SECOND_US;
        return;
    }
    m->pid = pid;
    m->hang = (struct hang){0};
}

static void signal_children(struct supervisor *s, int number)
{
    for (size_t i = 0; i < s->member_count; i++)
        if (s->members[i].pid)
            kill(s->members[i].pid, number);
}

static void stop(struct supervisor *s)
{
    if (s->is_stopping)
        return;
    log_info("stopping");
    activation_tell("STOPPING=1");
    s->is_stopping = true;
    s->kill_at_us = clock_mono_us() + s->settings->drain_timeout_ms * 1000 + SECOND_US;
    signal_children(s, SIGTERM);
}

/* A child that lived for a while starts again at once; one that keeps dying waits up to 5 s. */
static void on_death(struct supervisor *s, struct member *m, int status)
{
    char name[32];
    child_name(&m->spec, name);
    m->pid = 0;
    counter_on_death(s->counters, m->spec.counter_slot);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_UNFIT) {
        s->exit_status = 1;
        stop(s);
    }
    if (s->is_stopping)
        return;
    counter_bump(&s->counters->slots[m->spec.counter_slot].cells[COUNTER_RESTARTS], 1);
    int64_t now_us = clock_mono_us();
    m->deaths_in_a_row = now_us - m->started_us < SECOND_US ? m->deaths_in_a_row + 1 : 0;
    int shift = m->deaths_in_a_row < 7 ? m->deaths_in_a_row : 7;
    int64_t delay_us = m->deaths_in_a_row ? (50000LL << shift) : 0;
    m->start_at_us = now_us + (delay_us < 5 * SECOND_US ? delay_us : 5 * SECOND_US);
    if (WIFSIGNALED(status))
        log_warn("%s died of signal %d, starting it again", name, WTERMSIG(status));
    else
        log_warn("%s left with status %d, starting it again", name, WEXITSTATUS(status));
}

static void reap(struct supervisor *s)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (size_t i = 0; i < s->member_count; i++)
            if (s->members[i].pid == pid)
                on_death(s, &s->members[i], status);
}

static void tell_changes(const struct settings *old, const struct settings *fresh)
{
    auto_buf struct buf live = {0}, restart = {0};
    settings_compare(old, fresh, &live, &restart);
    log_info("settings reloaded; changed: %s", live.length ? live.data : "nothing");
    if (restart.length)
        log_warn("these settings are for processes that start later: %s", restart.data);
}

/* Also for those that start later: whatever the files hold then. */
static void reload_tls(struct supervisor *s)
{
    struct fault fault;
    for (enum child_kind kind = CHILD_EDGE; kind <= CHILD_DESK; kind++)
        if (child_tls_read(&s->tls, kind, s->settings, &fault))
            log_error("a certificate stays the old one: %s", fault.detail);
}

/* New settings serve children that start later, and those that read them on SIGHUP themselves. A
 * child has its own copy of what it was started with. */
static void reload(struct supervisor *s)
{
    struct settings fresh;
    struct fault fault;
    if (settings_read(s->argc, s->argv, &fresh, &fault)) {
        log_error("settings not reloaded: %s", fault.detail);
        return;
    }
    settings_set_log_level(&fresh);
    tell_changes(s->settings, &fresh);
    settings_done(s->settings);
    *s->settings = fresh;
    reload_tls(s);
    signal_children(s, SIGHUP);
}

static void on_signal(struct supervisor *s, int number)
{
    if (number == SIGCHLD)
        reap(s);
    else if (number == SIGHUP)
        reload(s);
    else
        stop(s);
}

static void start_due(struct supervisor *s)
{
    int64_t now_us = clock_mono_us();
    for (size_t i = 0; i < s->member_count; i++)
        if (!s->members[i].pid && s->members[i].start_at_us <= now_us)
            start(s, &s->members[i]);
}

static bool any_running(const struct supervisor *s)
{
    for (size_t i = 0; i < s->member_count; i++)
        if (s->members[i].pid)
            return true;
    return false;
}

/* Whether something is waited for that no signal tells of. */
static bool is_waiting(const struct supervisor *s)
{
    if (!s->is_ready)
        return true;
    for (size_t i = 0; i < s->member_count; i++)
        if (!s->members[i].pid)
            return true;
    return s->is_stopping;
}

static void replace_hung(struct supervisor *s)
{
    int64_t now_us = clock_mono_us(), limit_us = s->settings->hang_timeout_ms * 1000;
    if (now_us - s->looked_us < HANG_BEAT_US)
        return;
    s->looked_us = now_us;
    for (size_t i = 0; i < s->member_count; i++) {
        struct member *m = &s->members[i];
        const struct counter_slot *slot = &s->counters->slots[m->spec.counter_slot];
        if (!m->pid || !hang_look(&m->hang, atomic_load(&slot->beat), now_us, limit_us))
            continue;
        log_error("%s has done nothing for %d ms, replacing it", slot->name,
                  (int)s->settings->hang_timeout_ms);
        kill(m->pid, SIGKILL);
    }
}

/* How long nothing but a signal is waited for. */
static struct timespec timeout_of(const struct supervisor *s)
{
    int64_t us = is_waiting(s) ? 50000 : HANG_BEAT_US;
    if (s->watchdog_us && s->watchdog_us < us)
        us = s->watchdog_us;
    return (struct timespec){.tv_sec = us / SECOND_US, .tv_nsec = us % SECOND_US * 1000};
}

/* An edge answers as soon as it has a snapshot: from the database, or the copy it kept. */
static bool can_all_decide(const struct supervisor *s)
{
    for (size_t i = 0; i < s->member_count; i++) {
        const struct member *m = &s->members[i];
        if (m->spec.kind == CHILD_EDGE &&
            atomic_load(&s->counters->slots[m->spec.counter_slot].cells[COUNTER_SNAPSHOT]) == 0)
            return false;
    }
    return true;
}

static void tell_ready(struct supervisor *s)
{
    if (s->is_ready || s->is_stopping)
        return;
    bool is_late = clock_mono_us() > s->ready_most_us;
    if (!can_all_decide(s) && !is_late)
        return;
    if (is_late)
        log_warn("not every edge has a configuration to decide from yet");
    s->is_ready = true;
    activation_tell("READY=1");
}

static void supervise(struct supervisor *s)
{
    start_due(s);
    s->ready_most_us = clock_mono_us() + s->settings->ready_timeout_ms * 1000;
    while (!s->is_stopping || any_running(s)) {
        if (!s->is_stopping)
            start_due(s);
        else if (clock_mono_us() > s->kill_at_us)
            signal_children(s, SIGKILL);
        const struct timespec wait = timeout_of(s);
        int number = sigtimedwait(&s->signals, NULL, &wait);
        tell_ready(s);
        if (s->watchdog_us)
            activation_tell("WATCHDOG=1");
        if (number > 0)
            on_signal(s, number);
        /* Several deaths can arrive as one signal. */
        reap(s);
        replace_hung(s);
    }
}

static size_t counter_slot_of(enum child_kind kind, int slot)
{
    static const size_t slots[] = {[CHILD_DESK] = COUNTER_DESK,
                                   [CHILD_WORKER] = COUNTER_WORKER,
                                   [CHILD_SENDER] = COUNTER_SENDER};
    return kind == CHILD_EDGE ? (size_t)slot : slots[kind];
}

static struct member *add(struct supervisor *s, enum child_kind kind, int slot)
{
    must(s->member_count < CHILDREN_MAX);
    struct member *m = &s->members[s->member_count++];
    m->spec = (struct child_spec){.kind = kind,
                                  .slot = slot,
                                  .listen_fd = -1,
                                  .counters = s->counters,
                                  .counter_slot = counter_slot_of(kind, slot),
                                  .limits = &s->limits,
                                  .clocks = s->clocks,
                                  .tls = &s->tls};
    return m;
}

static enum err share(struct member *m, int fd, struct fault *fault)
{
    m->spec.listen_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return m->spec.listen_fd >= 0
               ? ERR_OK
               : fault_set(fault, ERR_IO, "", "a socket cannot be shared: %s", strerror(errno));
}

/* One port has many sockets, a path but one; of those passed on there are as many as came. */
static enum err open_edge(struct supervisor *s, struct member *m, bool is_shared,
                          struct fault *fault)
{
    const char *address = s->settings->edge_listen;
    const struct activation *a = &s->activation;
    if (a->edge_count > 0)
        return share(m, a->edges[m->spec.slot % a->edge_count], fault);
    if (m->spec.slot == 0 || strncmp(address, "unix:", 5) != 0)
        return listen_open(address, is_shared, &m->spec.listen_fd, fault);
    return share(m, s->members[0].spec.listen_fd, fault);
}

static enum err open_desk(struct supervisor *s, struct member *m, struct fault *fault)
{
    if (s->activation.desk >= 0)
        return share(m, s->activation.desk, fault);
    return listen_open(s->settings->desk_listen, false, &m->spec.listen_fd, fault);
}

/* Every child would keep them open. */
static void close_passed(const struct activation *a)
{
    for (int i = 0; i < a->edge_count; i++)
        close(a->edges[i]);
    if (a->desk >= 0)
        close(a->desk);
}

static enum err open_members(struct supervisor *s, struct fault *fault)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int edges = (int)(s->settings->edges ? s->settings->edges
                      : cores < 1        ? 1
                      : cores > 64       ? 64
                                         : cores);
    enum err e = activation_read(&s->activation, fault);
    if (!e && s->activation.edge_count > edges)
        e = fault_set(fault, ERR_INVALID, "",
                      "%d edges cannot serve %d sockets that were passed on", edges,
                      s->activation.edge_count);
    for (int i = 0; i < edges && !e; i++)
        e = open_edge(s, add(s, CHILD_EDGE, i), edges > 1, fault);
    if (!e)
        e = open_desk(s, add(s, CHILD_DESK, 0), fault);
    if (!e)
        close_passed(&s->activation);
    add(s, CHILD_WORKER, 0);
    add(s, CHILD_SENDER, 0);
    for (int i = 0; i < edges && !e; i++)
        s->members[i].spec.slots = edges;
    return e;
}

static enum err read_tls(struct supervisor *s, struct fault *fault)
{
    enum err e = child_tls_read(&s->tls, CHILD_EDGE, s->settings, fault);
    return e ? e : child_tls_read(&s->tls, CHILD_DESK, s->settings, fault);
}

int supervisor_run(struct settings *settings, int argc, char **argv)
{
    struct supervisor s = {.settings = settings, .argc = argc, .argv = argv};
    struct fault fault;
    child_tls_init(&s.tls);
    s.counters = counter_page_new();
    guard_tables_init(&s.limits);
    s.clocks = ingest_clocks_new(CLOCK_SETS);
    counter_enter(s.counters, COUNTER_SUPERVISOR, "supervisor");
    if (read_tls(&s, &fault) || open_members(&s, &fault)) {
        log_error("%s", fault.detail);
        child_tls_done(&s.tls);
        return 1;
    }
    sigemptyset(&s.signals);
    for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
        sigaddset(&s.signals, watched[i]);
    sigprocmask(SIG_BLOCK, &s.signals, &s.signals_before);
    log_info("starting %zu children; edge %s, desk %s", s.member_count,
             s.activation.edge_count ? "as passed on" : settings->edge_listen,
             s.activation.desk >= 0 ? "as passed on" : settings->desk_listen);
    advice_log(settings);
    s.watchdog_us = activation_watchdog_us();
    supervise(&s);
    log_info("stopped");
    child_tls_done(&s.tls);
    return s.exit_status;
}
