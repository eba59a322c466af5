// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job_runner.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/job.h"
#include "io/row.h"
#include "sql/queries.h"

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
    struct pg *pg;
    const char *conninfo;
    struct loop_timer *timer;
    pid_t process; /* 0: none */
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
        be_a_job(r->conninfo, parent, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (process < 0)
        log_error("fork: %s", strerror(errno));
    else
        r->process = process;
}

static void on_waiting(void *arg, const struct pg_answer *answer)
{
    struct job_runner *r = arg;
    if (r->is_stopped)
        return;
    if (answer->result && row_bool(answer->result, 0, 0))
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

static void on_timer(void *arg)
{
    struct job_runner *r = arg;
    if (is_working(r) || !pg_is_up(r->pg))
        loop_timer_set(r->timer, ASK_US);
    else
        pg_send(r->pg, QUERY_JOB_WAITING, NULL, on_waiting, r);
}

struct job_runner *job_runner_new(struct loop *l, struct pg *pg, const char *conninfo)
{
    struct job_runner *r = mem_zalloc(sizeof(*r));
    r->pg = pg;
    r->conninfo = conninfo;
    r->timer = loop_timer_new(l, on_timer, r);
    return r;
}

void job_runner_start(struct job_runner *r)
{
    if (!r->is_stopped)
        loop_timer_set(r->timer, 0);
}

void job_runner_stop(struct job_runner *r)
{
    r->is_stopped = true;
    loop_timer_clear(r->timer);
    if (r->process == 0)
        return;
    kill(r->process, SIGKILL);
    waitpid(r->process, NULL, 0);
    r->process = 0;
}

void job_runner_free(struct job_runner *r)
{
    job_runner_stop(r);
    loop_timer_free(r->timer);
    mem_free(r);
}
