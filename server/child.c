// SPDX-License-Identifier: GPL-3.0-or-later
#include "child.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "child_task.h"
#include "child_tls.h"
#include "hang.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct child {
    const struct child_spec *spec;
    struct settings *settings;
    int argc;
    char **argv;
    struct loop *loop;
    const struct child_task *task;
    void *state;
    struct loop_timer *drain_timer;
    struct loop_timer *beat_timer;
    bool is_draining;
    int exit_status;
};

void child_name(const struct child_spec *spec, char out[32])
{
    static const char *const names[] = {"edge", "desk", "worker", "sender"};
    if (spec->kind == CHILD_EDGE)
        snprintf(out, 32, "edge-%d", spec->slot);
    else
        snprintf(out, 32, "%s", names[spec->kind]);
}

static void on_drained(void *arg)
{
    struct child *c = arg;
    loop_stop(c->loop);
}

static void on_drain_timeout(void *arg)
{
    struct child *c = arg;
    log_warn("not everything was answered in time");
    loop_stop(c->loop);
}

/* Whose loop stands still beats no more, and is replaced. */
static void on_beat(void *arg)
{
    struct child *c = arg;
    counter_beat();
    loop_timer_set(c->beat_timer, HANG_BEAT_US);
}

static void on_terminate(void *arg)
{
    struct child *c = arg;
    if (c->is_draining)
        return;
    c->is_draining = true;
    loop_timer_set(c->drain_timer, c->settings->drain_timeout_ms * 1000);
    c->task->drain(c->state, on_drained, c);
}

static void use_tls(struct child *c)
{
    struct tls *tls = child_tls_of(c->spec->tls, c->spec->kind);
    if (!c->task->set_tls)
        return;
    c->task->set_tls(c->state, tls);
    counter_set(COUNTER_CERTIFICATE, tls ? (uint64_t)tls_expires_s(tls) : 0);
}

static void reload_tls(struct child *c, const struct settings *fresh)
{
    struct fault fault;
    if (child_tls_read(c->spec->tls, c->spec->kind, fresh, &fault))
        log_error("the certificate stays the old one: %s", fault.detail);
    else
        use_tls(c);
}

/* The first settings stay: the task has borrowed texts from them. */
static void on_hangup(void *arg)
{
    struct child *c = arg;
    struct settings fresh;
    struct fault fault;
    if (settings_read(c->argc, c->argv, &fresh, &fault)) {
        log_error("settings not reloaded: %s", fault.detail);
        return;
    }
    settings_set_log_level(&fresh);
    if (c->task->reload)
        c->task->reload(c->state, &fresh);
    reload_tls(c, &fresh);
    settings_done(&fresh);
}

static void on_unfit(void *arg, const char *why)
{
    struct child *c = arg;
    log_error("%s", why);
    c->exit_status = EXIT_UNFIT;
    loop_stop(c->loop);
}

/* The parent may have died between fork and prctl. */
static bool is_orphan(const struct child_spec *spec)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return getppid() != spec->parent;
}

int child_run(const struct child_spec *spec, struct settings *settings, int argc, char **argv)
{
    static char name[32];
    if (is_orphan(spec))
        return 0;
    child_name(spec, name);
    prctl(PR_SET_NAME, name);
    log_set_name(name);
    counter_enter(spec->counters, spec->counter_slot, name);
    settings_set_log_level(settings);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* a terminal sends it to all; the supervisor decides */
    struct child c = {.spec = spec,
                      .settings = settings,
                      .argc = argc,
                      .argv = argv,
                      .loop = loop_new(),
                      .task = &child_tasks[spec->kind]};
    c.drain_timer = loop_timer_new(c.loop, on_drain_timeout, &c);
    c.beat_timer = loop_timer_new(c.loop, on_beat, &c);
    const struct child_task_options options = {.loop = c.loop,
                                               .settings = settings,
                                               .spec = spec,
                                               .name = name,
                                               .on_unfit = on_unfit,
                                               .arg = &c};
    c.state = c.task->start(&options);
    use_tls(&c);
    loop_on_signal(c.loop, SIGTERM, on_terminate, &c);
    loop_on_signal(c.loop, SIGHUP, on_hangup, &c);
    sigprocmask(SIG_SETMASK, &spec->signals, NULL);
    loop_timer_set(c.beat_timer, 0);
    loop_run(c.loop);
    c.task->free(c.state);
    loop_timer_free(c.drain_timer);
    loop_timer_free(c.beat_timer);
    loop_free(c.loop);
    return c.exit_status;
}
