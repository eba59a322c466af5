// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job/job_runner.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process/counter.h"
#include "base/process/log.h"
#include "engine/job/job.h"
#include "store/connection.h"
#include "store/job/job.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK_US  (SECOND_US / 2)
#define NICE_BY 10

struct job_runner {
    struct job_runner_options options;
    struct loop *loop;
    struct arena *arena;
    struct connection *connection;
    struct loop_timer *timer;
    pid_t process; /* 0: none */
    bool is_asking;
    bool is_stopped;
};

/* Nothing of the worker's may be touched here: its sockets are closed unsaid, its loop is left
 * alone, and its signal handlers go before a signal can come. */
static void be_a_job(const char *conninfo, pid_t parent, const sigset_t *mask)
{
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_SUCCESS);
    prctl(PR_SET_NAME, "job");
    log_set_name("job");
    counter_leave();
    close_range(STDERR_FILENO + 1, ~0U, 0);
    sigprocmask(SIG_SETMASK, mask, NULL);
    errno = 0;
    if (nice(NICE_BY) == -1 && errno)
        log_warn("nice: %s", strerror(errno));
    _exit(job_main(conninfo));
}

static void begin_process(struct job_runner *r)
{
    sigset_t all, before;
    pid_t parent = getpid();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t process = fork();
    if (process == 0)
        be_a_job(r->options.conninfo, parent, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (process < 0)
        log_error("fork: %s", strerror(errno));
    else
        r->process = process;
}

static void on_waiting(void *arg, const struct pg_answer *answer)
{
    struct job_runner *r = arg;
    r->is_asking = false;
    if (r->is_stopped)
        return;
    if (answer->result && job_read_waiting(answer->result))
        begin_process(r);
    loop_timer_set(r->timer, ASK_US);
}

/* True while the process lives. */
static bool is_working(struct job_runner *r)
{
    int status;
    if (r->process == 0 || waitpid(r->process, &status, WNOHANG) == 0)
        return r->process != 0;
    if (WIFSIGNALED(status))
        log_error("the job's process was ended by signal %d", WTERMSIG(status));
    r->process = 0;
    return false;
}

/* Where the connection is away, on_ready begins anew. */
static void ask(void *arg)
{
    struct job_runner *r = arg;
    if (r->is_asking || r->is_stopped || !connection_is_ready(r->connection))
        return;
    if (is_working(r)) {
        loop_timer_set(r->timer, ASK_US);
        return;
    }
    r->is_asking = true;
    job_send_waiting(connection_pg(r->connection), on_waiting, r);
}

static void on_down(void *arg, const char *why)
{
    (void)arg;
    log_warn("jobs: no connection to the database: %s", why);
}

static void on_unfit(void *arg, const char *why)
{
    const struct job_runner *r = arg;
    r->options.on_unfit(r->options.arg, why);
}

struct job_runner *job_runner_new(struct loop *l, const struct job_runner_options *options)
{
    struct job_runner *r = mem_zalloc(sizeof(*r));
    r->options = *options;
    r->loop = l;
    r->arena = arena_new(0);
    r->timer = loop_timer_new(l, ask, r);
    const struct connection_options connection = {
        .user = CONNECTION_WORKER,
        .conninfo = options->conninfo,
        .name = arena_printf(r->arena, "%s jobs", options->name),
        .on_ready = ask,
        .on_unfit = on_unfit,
        .on_down = on_down,
        .arg = r,
    };
    r->connection = connection_open(l, &connection);
    return r;
}

static void stop(struct job_runner *r)
{
    r->is_stopped = true;
    loop_timer_clear(r->timer);
    if (r->process == 0)
        return;
    kill(r->process, SIGKILL);
    waitpid(r->process, NULL, 0);
    r->process = 0;
}

void job_runner_stop(struct job_runner *r, loop_fn *fn, void *arg)
{
    stop(r);
    loop_defer(r->loop, fn, arg);
}

void job_runner_free(struct job_runner *r)
{
    stop(r);
    connection_close(r->connection);
    loop_timer_free(r->timer);
    arena_free(r->arena);
    mem_free(r);
}
